//! TLS in front of a server, with a certificate of `tests/certificates`.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

/// Returns a certificate or a key for the tests.
pub(crate) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/certificates").join(name)
}

/// A TLS proxy.
pub(crate) struct TlsProxy {
    /// Its address as a URL: of this host, by number.
    pub(crate) url: String,
    /// The number of connections.
    came: Arc<AtomicU64>,
    /// The number of bytes received after the certificate was trusted.
    said: Arc<AtomicU64>,
    /// Threads of its own, so that any test can use it.
    runtime: Option<Runtime>,
}

impl Drop for TlsProxy {
    fn drop(&mut self) {
        // A test with a runtime of its own must not wait in it.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl TlsProxy {
    /// Opens a proxy that shows the certificate in `name` and leads to `behind`, the
    /// address of a plain server.
    pub(crate) fn open(name: &str, behind: &str) -> Self {
        let chain = CertificateDer::pem_file_iter(fixture(name)).expect("certificates");
        let chain = chain.map(|one| one.expect("a certificate")).collect();
        let key = PrivateKeyDer::from_pem_file(fixture("leaf.key")).expect("a key");
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key);
        let acceptor = TlsAcceptor::from(Arc::new(config.expect("they fit")));
        let behind: SocketAddr = behind.parse().expect("an address");
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().expect("a runtime");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("https://{}", listener.local_addr().expect("bound"));
        listener.set_nonblocking(true).expect("set");
        let (came, said) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let (visits, bytes) = (Arc::clone(&came), Arc::clone(&said));
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).expect("a listener");
            while let Ok((stream, _)) = listener.accept().await {
                visits.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(pass(stream, acceptor.clone(), behind, Arc::clone(&bytes)));
            }
        });
        Self { url, came, said, runtime: Some(runtime) }
    }

    pub(crate) fn token_url(&self) -> String {
        format!("{}/oauth2/token", self.url)
    }

    pub(crate) fn came(&self) -> u64 {
        self.came.load(Ordering::SeqCst)
    }

    pub(crate) fn said(&self) -> u64 {
        self.said.load(Ordering::SeqCst)
    }
}

async fn pass(stream: TcpStream, tls: TlsAcceptor, behind: SocketAddr, said: Arc<AtomicU64>) {
    let Ok(mut stream) = tls.accept(stream).await else { return };
    let mut first = [0; 1];
    // Bytes are counted as they come: with TLS 1.3 the server is done before the client
    // has decided.
    if !matches!(stream.read(&mut first).await, Ok(1)) {
        return;
    }
    said.fetch_add(1, Ordering::SeqCst);
    let Ok(mut there) = TcpStream::connect(behind).await else { return };
    if there.write_all(&first).await.is_ok() {
        drop(copy_bidirectional(&mut stream, &mut there).await);
    }
}
