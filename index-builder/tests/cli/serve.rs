//! The preview: answers on loopback, with the right types, and nothing from outside the folder.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::Work;

/// A running server that ends with the test.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(work: &Work, folder: &str) -> Running {
        let mut child = work
            .command(&["serve", folder, "--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .split("http://")
            .nth(1)
            .and_then(|rest| rest.split('/').next());
        let address = address
            .unwrap_or_else(|| panic!("no address in {line:?}"))
            .to_owned();
        assert!(address.starts_with("127.0.0.1:"), "loopback only: {line}");
        Running { child, address }
    }

    /// Status, head in lower case, and body of an answer. The path goes out as it is.
    fn ask(&self, method: &str, path: &str) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_lowercase(), answer[end + 4..].to_vec())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn site() -> Work {
    let work = Work::with(&[
        ("secret.txt", "secret"),
        ("site/index.html", "<p>home"),
        ("site/app.js", "1"),
        ("site/a.wasm", "\0asm"),
        ("site/sub/index.html", "<p>sub"),
        ("site/two words.txt", "found"),
        ("site/.hidden", "secret"),
        ("r.json", "[{\"id\": 1, \"title\": \"One\"}]"),
    ]);
    work.ok(&["build", "r.json", "--out", "site/search", "--quiet"]);
    work
}

#[test]
fn files_come_with_their_media_types() {
    let work = site();
    let server = Running::start(&work, "site");
    let check = |path: &str, media_type: &str, body: &[u8]| {
        let (status, head, got) = server.ask("GET", path);
        assert_eq!((status, got.as_slice()), (200, body), "{path}");
        assert!(
            head.contains(&format!("content-type: {media_type}")),
            "{path}: {head}"
        );
        assert!(head.contains("cache-control: no-cache"), "{path}: {head}");
    };
    check("/", "text/html; charset=utf-8", b"<p>home");
    check("/app.js?v=1", "text/javascript; charset=utf-8", b"1");
    check("/a.wasm", "application/wasm", b"\0asm");
    check("/sub/", "text/html; charset=utf-8", b"<p>sub");
    check("/two%20words.txt", "text/plain; charset=utf-8", b"found");
    let manifest = std::fs::read(work.path("site/search/index.json")).unwrap();
    check("/search/index.json", "application/json", &manifest);
    let (status, head, body) = server.ask("HEAD", "/app.js");
    assert_eq!((status, body.len()), (200, 0));
    assert!(head.contains("content-length: 1"), "{head}");
    let (status, head, _) = server.ask("GET", "/sub");
    assert_eq!(status, 301);
    assert!(head.contains("location: ./sub/"), "{head}");
    assert_eq!(server.ask("POST", "/").0, 405);
    assert_eq!(server.ask("GET", "/nothing").0, 404);
}

#[test]
fn nothing_outside_the_folder_is_served() {
    let work = site();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.txt", work.path("site/link.txt")).unwrap();
    let server = Running::start(&work, "site");
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/sub/../../secret.txt",
        "/sub/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/link.txt",
        "/.hidden",
        "/a%00.js",
        "/%ff",
        "/app.js/",
    ] {
        let (status, _, body) = server.ask("GET", path);
        assert!(matches!(status, 400 | 404), "{path}: {status}");
        assert!(!String::from_utf8_lossy(&body).contains("secret"), "{path}");
    }
}

#[test]
fn a_folder_with_an_index_alone_gets_a_page_to_try_it() {
    let work = site();
    let server = Running::start(&work, "site/search");
    let (status, head, body) = server.ask("GET", "/");
    assert_eq!(status, 200);
    assert!(head.contains("content-type: text/html"), "{head}");
    assert!(String::from_utf8(body).unwrap().contains("<speir-search"));
    assert!(!work.path("site/search/index.html").exists());
}

#[test]
fn a_port_that_is_taken_and_a_folder_that_is_none_are_named() {
    let work = site();
    let server = Running::start(&work, "site");
    let port = server.address.rsplit(':').next().unwrap();
    let ran = work.run(&["serve", "site", "--port", port]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.message()
            .starts_with(&format!("cannot listen on port {port}: ")),
        "{}",
        ran.err
    );
    assert_eq!(
        ran.advice(),
        "choose another with --port, or --port 0 for any that is free"
    );
    work.fails(
        &["serve", "missing"],
        1,
        "cannot read the folder missing: no such file or directory",
        "check the name, and the folder you are in",
    );
    work.fails(
        &["serve", "r.json"],
        1,
        "r.json is a file, not a folder",
        "name the published folder, or the site that it is in",
    );
}
