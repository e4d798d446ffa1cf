//! `speir serve`: a folder as static files, on loopback only, to look at before it is published.
//!
//! Knows paths and media types. Serves nothing from outside the folder, whatever is asked for and
//! wherever links in it lead. Not for the public: one folder, one machine, no cache.

use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use speir::MANIFEST_NAME;
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use super::print;
use crate::args::ServeArgs;
use crate::dir::read_part;
use crate::problem::Problem;

/// Browsers ask for six files at a time.
const THREADS: usize = 6;

/// The page that is shown for a folder that has an index and no page of its own.
const PREVIEW: &str = include_str!("preview.html");

/// Serves until the program is ended.
pub(crate) fn run(args: &ServeArgs) -> Result<(), Problem> {
    let root = fs::canonicalize(&args.folder)
        .map_err(|error| Problem::io("read the folder", &args.folder, &error))?;
    if !root.is_dir() {
        return Err(Problem::new(
            "not-a-folder",
            format!("{} is a file, not a folder", args.folder.display()),
            "name the published folder, or the site that it is in",
        ));
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let server = Server::http(address).map_err(|error| {
        Problem::new(
            "port",
            format!("cannot listen on port {}: {error}", args.port),
            "choose another with --port, or --port 0 for any that is free",
        )
    })?;
    let port = server
        .server_addr()
        .to_ip()
        .map_or(args.port, |address| address.port());
    print(|out| {
        writeln!(
            out,
            "Serving {} at http://127.0.0.1:{port}/ - Ctrl+C ends.",
            args.folder.display()
        )
    })?;
    let server = Arc::new(server);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Ok(request) = server.recv() {
                    answer(request, &root);
                }
            });
        }
    });
    Ok(())
}

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    File(PathBuf),
    /// A folder asked for without the slash at its end, by which links in its page would go wrong.
    Redirect(String),
    Preview,
    Nothing,
}

fn answer(request: Request, root: &Path) {
    let is_read = matches!(request.method(), Method::Get | Method::Head);
    let outcome = if is_read {
        match find(root, request.url()) {
            Found::File(path) => match (File::open(&path), range(&request)) {
                (Ok(_), Some(range)) => part(request, &path, range),
                (Ok(file), None) => {
                    let response = Response::from_file(file)
                        .with_header(header("Content-Type", media_type(&path)))
                        // A preview shows what was built last.
                        .with_header(header("Cache-Control", "no-cache"));
                    request.respond(response)
                }
                (Err(_), _) => text(request, 403, "This file cannot be read."),
            },
            Found::Redirect(to) => {
                let response =
                    Response::empty(StatusCode(301)).with_header(header("Location", &to));
                request.respond(response)
            }
            Found::Preview => {
                let response = Response::from_string(PREVIEW)
                    .with_header(header("Content-Type", "text/html; charset=utf-8"))
                    .with_header(header("Cache-Control", "no-cache"));
                request.respond(response)
            }
            Found::Nothing => text(request, 404, "There is nothing here."),
        }
    } else {
        text(request, 405, "Only GET and HEAD are answered.")
    };
    // A browser that has gone away needs no answer.
    let _ = outcome;
}

/// The bytes that a request asks for, if it asks for one range with both ends (RFC 9110, 14.1.2). All
/// other ranges may be passed over, and the whole file sent.
fn range(request: &Request) -> Option<Range<u64>> {
    let headers = request.headers().iter();
    let mut ranges = headers.filter(|header| header.field.equiv("Range"));
    let range = ranges.next()?.value.as_str().strip_prefix("bytes=")?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then(|| first..last.saturating_add(1))
}

/// Sends a part of a file.
fn part(request: Request, path: &Path, range: Range<u64>) -> io::Result<()> {
    let len = fs::metadata(path)?.len();
    if range.start >= len {
        let response = Response::empty(StatusCode(416));
        return request
            .respond(response.with_header(header("Content-Range", &format!("bytes */{len}"))));
    }
    let bytes = read_part(path, range.clone())?;
    let last = range.start + bytes.len() as u64 - 1;
    let response = Response::from_data(bytes)
        .with_status_code(StatusCode(206))
        .with_header(header("Content-Type", media_type(path)))
        .with_header(header(
            "Content-Range",
            &format!("bytes {}-{last}/{len}", range.start),
        ))
        .with_header(header("Cache-Control", "no-cache"));
    request.respond(response)
}

fn text(request: Request, status: u16, message: &str) -> io::Result<()> {
    let response = Response::from_string(format!("{message}\n"))
        .with_status_code(status)
        .with_header(header("Content-Type", "text/plain; charset=utf-8"));
    request.respond(response)
}

/// A header; values that cannot be one, such as a path with a line break, are left empty.
fn header(name: &str, value: &str) -> Header {
    let made = Header::from_bytes(name, value).or_else(|()| Header::from_bytes(name, ""));
    made.unwrap_or_else(|()| unreachable!("header names in this file are ASCII"))
}

fn find(root: &Path, url: &str) -> Found {
    let path_part = url.split(['?', '#']).next().unwrap_or_default();
    let Ok(decoded) = percent_decode_str(path_part).decode_utf8() else {
        return Found::Nothing;
    };
    // Both kinds of slash separate on some systems; neither may come out of an escape as a trick.
    if !decoded.starts_with('/') || decoded.contains(['\\', '\0']) {
        return Found::Nothing;
    }
    let relative = Path::new(decoded.trim_start_matches('/'));
    let is_plain = relative.components().all(|part| match part {
        // Hidden files are not for publishing, and `..` leads out.
        Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
        _ => false,
    });
    if !is_plain {
        return Found::Nothing;
    }
    // Links in the folder may lead out of it: what counts is where they end.
    let Ok(real) = fs::canonicalize(root.join(relative)) else {
        return Found::Nothing;
    };
    if !real.starts_with(root) {
        return Found::Nothing;
    }
    if !real.is_dir() {
        return if decoded.ends_with('/') {
            Found::Nothing
        } else {
            Found::File(real)
        };
    }
    if !decoded.ends_with('/') {
        // Relative, so that no address can be made of a path that begins with two slashes.
        let last = path_part.rsplit('/').next().unwrap_or_default();
        return Found::Redirect(format!("./{last}/"));
    }
    let page = real.join("index.html");
    if page.is_file() {
        Found::File(page)
    } else if real == *root && real.join(MANIFEST_NAME).is_file() {
        Found::Preview
    } else {
        Found::Nothing
    }
}

/// The media type of a file, by its ending.
fn media_type(path: &Path) -> &'static str {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}
