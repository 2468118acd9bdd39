//! The HTTP side: reads requests, and sends answers in the decided way.

use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{self, ConnectInfo, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use flate2::{Compression, write::GzEncoder};
use futures_util::stream;
use tokio::sync::watch;

use super::answer::Answer;
use super::call::Call;
use super::connection::Caller;
use super::fault_plan::Delivery;
use super::server;
use super::state::State;

/// The server's state behind a lock, and the signal that stops it.
#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    pub(super) stop: watch::Sender<bool>,
}

impl Shared {
    pub(super) fn new(state: State) -> Self {
        Self { state: Mutex::new(state), stop: watch::Sender::new(false) }
    }

    /// Returns the state, for the length of one act.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // A panic in one call must not silence the server for the next.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether the simulator is stopped.
    fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Returns when the simulator is stopped.
    pub(super) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        _ = stop.wait_for(|stopped| *stopped).await;
    }
}

/// Returns the whole of the HTTP side.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(serve_call).with_state(shared)
}

async fn serve_call(
    extract::State(shared): extract::State<Arc<Shared>>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    request: Request,
) -> Response {
    let Some(call) = Call::read(request, caller.address, caller.number).await else {
        caller.close();
        return Response::default();
    };
    let (answer, delivery) = server::handle_call(&mut shared.state(), &call);
    let body = match delivery {
        Delivery::Whole if call.takes_gzip && answer.body.len() >= COMPRESS_MIN_BYTES => {
            return compressed_response(&answer);
        }
        Delivery::Whole => return response(&answer, Body::from(answer.body.clone())),
        Delivery::Hang => {
            shared.stopped().await;
            caller.close();
            return Response::default();
        }
        Delivery::Reset => {
            caller.reset();
            return Response::default();
        }
        Delivery::Close => {
            caller.close();
            return Response::default();
        }
        Delivery::HangAfter { bytes } => partial_body(&shared, &answer, bytes, true),
        Delivery::CutShort { bytes } => partial_body(&shared, &answer, bytes, false),
        Delivery::Drip { bytes, every } => slow_body(&shared, &answer, bytes, every),
        Delivery::Flood => endless_body(&shared),
    };
    let mut response = response(&answer, body);
    if delivery != Delivery::Flood {
        response.headers_mut().insert(header::CONTENT_LENGTH, answer.body.len().into());
    }
    response
}

/// The least body that gzip makes smaller by more than it costs.
const COMPRESS_MIN_BYTES: usize = 1024;

/// Returns the whole answer, packed with gzip.
fn compressed_response(answer: &Answer) -> Response {
    let mut writer = GzEncoder::new(Vec::new(), Compression::fast());
    let written = writer.write_all(&answer.body).and_then(|()| writer.finish());
    // Writing to memory cannot fail.
    let Ok(body) = written else { return response(answer, Body::from(answer.body.clone())) };
    let mut response = response(answer, Body::from(body));
    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

fn response(answer: &Answer, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    for (name, value) in &answer.headers {
        let Ok(value) = HeaderValue::from_str(value) else { continue };
        if *name == "content-type" {
            headers.insert(*name, value);
        } else {
            headers.append(*name, value);
        }
    }
    response
}

/// Returns the first `bytes` of the body, then silence or a broken line.
fn partial_body(shared: &Arc<Shared>, answer: &Answer, bytes: usize, silent: bool) -> Body {
    let first = answer.body.slice(..bytes.min(answer.body.len()));
    let shared = Arc::clone(shared);
    Body::from_stream(stream::unfold(Some((first, shared)), move |state| async move {
        let (piece, shared) = state?;
        if piece.is_empty() {
            if silent {
                shared.stopped().await;
            } else {
                // What has been written so far goes out first.
                tokio::task::yield_now().await;
            }
            return Some((Err(broken_body()), None));
        }
        Some((Ok(piece), Some((Bytes::new(), shared))))
    }))
}

fn slow_body(
    shared: &Arc<Shared>,
    answer: &Answer,
    bytes: usize,
    every: std::time::Duration,
) -> Body {
    let state = (answer.body.clone(), Arc::clone(shared));
    Body::from_stream(stream::unfold(state, move |(mut rest, shared)| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            () = shared.stopped() => return Some((Err(broken_body()), (Bytes::new(), shared))),
        }
        let piece = rest.split_to(bytes.min(rest.len()));
        Some((Ok(piece), (rest, shared)))
    }))
}

fn endless_body(shared: &Arc<Shared>) -> Body {
    const SPACES: &[u8] = &[b' '; 16 << 10];
    Body::from_stream(stream::unfold(Arc::clone(shared), |shared| async move {
        tokio::task::yield_now().await;
        let piece =
            if shared.is_stopped() { Err(broken_body()) } else { Ok(Bytes::from_static(SPACES)) };
        Some((piece, shared))
    }))
}

fn broken_body() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}
