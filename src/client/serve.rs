//! The client's task: takes requests, serves them side by side, reports how they ended.

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::sync::mpsc;

use crate::api::{Event, Request, RequestId, Write};

use super::{call::Call, config::Config, session::Session};

/// A job for the task.
#[derive(Debug)]
pub(super) enum Job {
    /// Something that changes nothing.
    Read(Request),
    /// Something that changes Megaport; it came through a permit.
    Write(Write),
}

/// Serves until all senders are gone and every request is answered.
///
/// The requests are futures of this one task and none is spawned, so that a panic in
/// one ends the task and with it the events: it cannot go unnoticed.
pub(super) async fn serve_requests(
    config: Config,
    mut asked: mpsc::Receiver<(RequestId, Job)>,
    tell: mpsc::Sender<Event>,
) {
    let session = Session::open(config, tell).await;
    let mut running = FuturesUnordered::new();
    let mut open = true;
    loop {
        tokio::select! {
            next = asked.recv(), if open => match next {
                Some((id, job)) => running.push(answer(&session, id, job)),
                None => open = false,
            },
            Some(()) = running.next(), if !running.is_empty() => {}
            else => break,
        }
    }
}

async fn answer(session: &Session, id: RequestId, job: Job) {
    let mut call = Call::new(session, id);
    let result = match job {
        Job::Read(request) => call.answer(request).await,
        Job::Write(write) => call.carry_out(write).await,
    };
    let done = Event::Done { id, result, clock_offset: call.clock_offset };
    // The receiver is gone only while the program exits.
    let _unheard = session.endpoint.tell.send(done).await;
}
