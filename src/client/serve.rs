//! The task: takes requests, serves them side by side, tells how they ended.

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::{
    sync::mpsc,
    task::{JoinError, JoinHandle},
};

use crate::api::{Event, Request, RequestId};

use super::{call::Call, config::Config, session::Session};

/// Serves until nobody can ask any more and all is answered.
///
/// The requests are futures of this one task and none is spawned, so that a
/// panic in one ends the task and with it the events: it can not go unheard.
pub(super) async fn serve(
    config: Config,
    mut asked: mpsc::Receiver<(RequestId, Request)>,
    tell: mpsc::Sender<Event>,
) {
    let session = Session::open(config, tell).await;
    let mut running = FuturesUnordered::new();
    let mut open = true;
    loop {
        tokio::select! {
            next = asked.recv(), if open => match next {
                Some((id, request)) => running.push(answer(&session, id, request)),
                None => open = false,
            },
            Some(()) = running.next(), if !running.is_empty() => {}
            else => break,
        }
    }
}

async fn answer(session: &Session, id: RequestId, request: Request) {
    let mut call = Call::new(session, id);
    let result = call.answer(request).await;
    let done = Event::Done { id, result, clock_offset: call.clock_offset };
    // Nobody listens any more only when the program is on its way out.
    let _unheard = session.tell.send(done).await;
}

/// Waits for a worker thread and carries its panic over into this task.
pub(super) async fn worked<T>(worker: JoinHandle<T>) -> T {
    match worker.await.map_err(JoinError::try_into_panic) {
        Ok(made) => made,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The runtime is going down, and this task with it.
        Err(Err(_)) => std::future::pending().await,
    }
}
