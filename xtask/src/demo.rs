//! `cargo xtask demo`: the example site, built by the real command line and served on loopback.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::chromium::{VARIABLE, chromium};
use crate::run::{node, run, speir};
use crate::{dist, tools};

/// The example that is shown.
const EXAMPLE: &str = "examples/resource-library";

/// The example in two languages.
const BILINGUAL: &str = "examples/bilingual";

/// Where the index of an example goes, in its folder.
const INDEX: &str = "site/search";

/// The tests' browser package, whose playwright drives Chromium.
pub(crate) const BROWSER_TESTS: &str = "tests/browser";

/// How long the server may take to answer.
const START_LIMIT: Duration = Duration::from_secs(20);

/// What was typed after `demo`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    check: bool,
    port: u16,
}

impl Options {
    pub(crate) fn parse(args: &[&str]) -> Result<Options> {
        let mut options = Options {
            check: false,
            port: 8000,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match *arg {
                "--check" => options.check = true,
                "--port" => {
                    let port = args.next().context("--port needs a number after it")?;
                    options.port = port
                        .parse()
                        .with_context(|| format!("--port: {port} is not a port"))?;
                }
                other => bail!("demo knows --check and --port N, but not {other}"),
            }
        }
        Ok(options)
    }
}

/// Builds everything, then serves the example, or checks it.
pub(crate) fn demo(options: &Options) -> Result<()> {
    dist::dist()?;
    index_example()?;
    if options.check {
        return check();
    }
    println!(
        "The example is at http://127.0.0.1:{}/ (stop with Ctrl+C).",
        options.port
    );
    run(&mut serve(options.port)?)
}

/// Indexes the example sites with the command line that `dist` built.
pub(crate) fn index_example() -> Result<()> {
    for (folder, source) in [(EXAMPLE, "resources.json"), (BILINGUAL, "site")] {
        let source = format!("{folder}/{source}");
        let config = format!("{folder}/speir.toml");
        let out = format!("{folder}/{INDEX}");
        run(speir()?.args(["build", &source, "--config", &config, "--out", &out]))?;
    }
    Ok(())
}

/// Serves the example on a free port, searches it once in Chromium, and stops.
pub(crate) fn check() -> Result<()> {
    tools::npm_packages(BROWSER_TESTS)?;
    let chromium = chromium()?;
    let port = free_port()?;
    let _server = Server::start(port)?;
    let script = Path::new("xtask/src/demo_check.mjs");
    let address = format!("http://127.0.0.1:{port}/");
    run(node().arg(script).arg(&address).env(VARIABLE, chromium))
}

fn serve(port: u16) -> Result<Command> {
    let mut command = speir()?;
    command.args([
        "serve",
        &format!("{EXAMPLE}/site"),
        "--port",
        &port.to_string(),
    ]);
    Ok(command)
}

/// A port that nothing listens on just now.
fn free_port() -> Result<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on loopback")?;
    Ok(listener.local_addr()?.port())
}

/// The preview server; ends with this value.
struct Server(Child);

impl Server {
    fn start(port: u16) -> Result<Server> {
        let child = serve(port)?
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start `speir serve`")?;
        let mut server = Server(child);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = server.0.try_wait()? {
                bail!("`speir serve` ended by itself ({status})");
            }
            if started.elapsed() > START_LIMIT {
                bail!("`speir serve` did not answer on {address} within {START_LIMIT:?}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Neither can fail in a way that matters: the server may have ended by itself.
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_in_any_order() {
        let options = Options::parse(&["--port", "9000", "--check"]).expect("options");
        assert_eq!(
            options,
            Options {
                check: true,
                port: 9000
            }
        );
    }

    #[test]
    fn what_is_not_an_option_is_named() {
        let error = Options::parse(&["--prot", "1"]).expect_err("refused");
        assert!(error.to_string().contains("--prot"), "{error}");
        assert!(Options::parse(&["--port", "eighty"]).is_err());
        assert!(Options::parse(&["--port"]).is_err());
    }
}
