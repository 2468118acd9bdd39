//! The one queue into the event loop: everything that happens comes through it, in order.
//!
//! Services do not know it. The functions here turn it into the reporting functions that
//! services are given.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::{
    api::{RequestId, account::Opened, clipboard::Verdict, regions},
    shell::{
        account::Account,
        clipboard::Sequence,
        ports::{PortReport, Reporter, Sending},
    },
    ui::model::msg::Msg,
};

/// A message for the event loop.
#[derive(Debug)]
pub(in crate::shell) enum LoopEvent {
    /// For the model.
    Msg(Msg),
    /// A report of the engine's ports.
    Ports(PortReport),
    /// A report on the region map by the regions watcher of this number.
    Regions(u64, regions::Event),
    /// A sequence for the terminal, and the verdict once it was written.
    ForTerminal(RequestId, Sequence, Verdict),
    /// An account that was asked for is open.
    Opened(RequestId, Box<Account>, Box<Opened>),
    /// A signal asks the program to stop for a while, like Ctrl-Z.
    Suspend,
    /// The program was stopped and goes on: the terminal has to be set up again.
    Resumed,
    /// Quit now, with this signal's number.
    Stop(u8),
}

/// The capacity of the queue. A slow loop makes its senders wait.
const QUEUE_LEN: usize = 1024;

/// The sending end.
pub(in crate::shell) type Sender = mpsc::Sender<LoopEvent>;

/// The receiving end.
pub(in crate::shell) type Receiver = mpsc::Receiver<LoopEvent>;

/// Opens the queue.
pub(in crate::shell) fn open() -> (Sender, Receiver) {
    mpsc::channel(QUEUE_LEN)
}

/// Returns a function that a service calls from its thread: it puts reports into the
/// queue. Once the console has quit, reports are dropped.
pub(in crate::shell) fn reporter<R>(
    events: Sender,
    wrap: impl Fn(R) -> LoopEvent + Send + 'static,
) -> impl Fn(R) + Send + 'static {
    move |report| drop(events.blocking_send(wrap(report)))
}

/// Returns the same for a service that is a task, which must not block.
pub(in crate::shell) fn task_reporter<R>(
    events: Sender,
    wrap: impl Fn(R) -> LoopEvent + Send + Sync + 'static,
) -> impl Fn(R) -> Sending + Send + Sync + 'static {
    move |report| {
        let (events, event) = (events.clone(), wrap(report));
        Box::pin(async move { drop(events.send(event).await) })
    }
}

/// Returns the reporter of the engine's ports.
pub(in crate::shell) fn ports_reporter(events: &Sender) -> Reporter {
    let from_thread = events.clone();
    Reporter {
        from_thread: Arc::new(move |report| {
            drop(from_thread.blocking_send(LoopEvent::Ports(report)));
        }),
        from_task: Arc::new(task_reporter(events.clone(), LoopEvent::Ports)),
    }
}
