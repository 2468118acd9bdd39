//! Runs work that would block the task on threads of its own.

use tokio::task::{JoinError, JoinHandle};

/// Bodies up to this size are read at once; larger ones on a thread of their
/// own, so that other requests and the screen go on.
pub(super) const INLINE_MAX_BYTES: usize = 64 << 10;

/// Waits for a worker thread and carries its panic over into this task.
pub(super) async fn join_blocking<T>(worker: JoinHandle<T>) -> T {
    match worker.await.map_err(JoinError::try_into_panic) {
        Ok(made) => made,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The runtime is going down, and this task with it.
        Err(Err(_)) => std::future::pending().await,
    }
}
