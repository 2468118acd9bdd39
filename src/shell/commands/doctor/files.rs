//! Checks the program's own files: the state directory, the cache and the log.

use std::path::Path;

use crate::{
    domain::words,
    shell::{
        account::config::Config,
        clock,
        store::{
            audit::{self, verify},
            cache, journal,
            log::{self, Level},
            permissions::{self, path_text},
            state_dir,
        },
    },
};

use super::{
    host::mode_text,
    report::{Mark, Report},
};

/// Checks the permissions of state and log, and whether the state directory can be
/// used. Leaves nothing behind.
pub(super) fn check_files(report: &mut Report, config: Option<&Config>) {
    check_state_directory(report);
    check_cached_lists(report);
    check_audit(report, config);
    let setting = match log::read_setting(config.and_then(|config| config.log)) {
        Ok(setting) => setting,
        Err(error) => return report.add(Mark::Bad, "log", error.to_string()),
    };
    let level = format!("{}, {}", setting.level.word(), setting.because);
    let Some(path) = log::path().filter(|path| path.symlink_metadata().is_ok()) else {
        let how = if setting.level == Level::Off { "; ONRAMP_LOG=info enables it" } else { "" };
        return report.add(Mark::Note, "log", format!("{level}{how}"));
    };
    match permissions::reopen(&path) {
        Ok(_) => report.add(
            Mark::Well,
            "log",
            format!("{level}: {}{}", path_text(&path), mode_text(&path)),
        ),
        Err(why) => report.add(Mark::Bad, "log", format!("{level}: {why}")),
    }
}

/// Reports the saved lists of accounts, with size and age. Creates nothing.
fn check_cached_lists(report: &mut Report) {
    let Some(directory) = cache::directory() else {
        return report.add(Mark::Note, "cache", "no directory for it: lists are not kept");
    };
    let name = path_text(&directory);
    if !directory.is_dir() {
        return report.add(Mark::Note, "cache", format!("{name} does not exist yet"));
    }
    if let Err(why) = permissions::check(&directory) {
        return report.add(Mark::Bad, "cache", format!("{name} is not used: {why}"));
    }
    report.add(Mark::Well, "cache", format!("{name}{}", mode_text(&directory)));
    for (path, facts) in cache::list_caches(&directory) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match facts {
            Ok(facts) => {
                let read = words::relative(facts.read_at, clock::now());
                let kilobytes = facts.bytes.div_ceil(1024);
                let says = format!("{name}: {kilobytes} KiB, its on-ramps were read {read}");
                report.add(Mark::Note, "cache", says);
            }
            Err(why) => report.add(Mark::Bad, "cache", format!("{name}: {why}")),
        }
    }
}

/// Reports the audit, and whether its chain is whole. Creates nothing.
fn check_audit(report: &mut Report, config: Option<&Config>) {
    let setting = config.map(|config| config.audit).unwrap_or_default();
    let required = if setting.required { ", required" } else { "" };
    let syslog = if setting.syslog { ", to syslog too" } else { "" };
    let Some(path) = audit::path() else { return };
    let name = format!("{}{}{required}{syslog}", path_text(&path), mode_text(&path));
    match verify::check_chain(&path) {
        Ok(None) => {
            let name = format!("{}{required}{syslog}", path_text(&path));
            report.add(Mark::Note, "audit", format!("{name}: empty"));
        }
        Ok(Some(found)) => match &found.broken {
            None => {
                report.add(
                    Mark::Well,
                    "audit",
                    format!("{name}: {}", verify::describe_chain(&found)),
                );
            }
            Some((line, why)) => {
                report.add(Mark::Bad, "audit", format!("{name}, line {line}: {why}"));
            }
        },
        Err(why) => report.add(Mark::Bad, "audit", why),
    }
}

fn check_state_directory(report: &mut Report) {
    let Some(path) = state_dir::directory() else {
        return report.add(Mark::Bad, "state", "no directory for it: set ONRAMP_STATE_DIR");
    };
    let name = path_text(&path);
    if path.is_relative() {
        return report.add(Mark::Bad, "state", format!("{name} is not an absolute path"));
    }
    // Missing directories will be created in the existing one.
    let there = path.ancestors().find(|above| above.exists()).unwrap_or(&path);
    let checked =
        if there == path { permissions::check(there) } else { permissions::check_above(there) };
    match checked {
        Err(why) => report.add(Mark::Bad, "state", format!("{name} is not used: {why}")),
        Ok(()) if there != path => {
            report.add(Mark::Note, "state", format!("{name} does not exist yet"));
        }
        Ok(()) if !path.is_dir() => {
            report.add(Mark::Bad, "state", format!("{name} is not a directory"));
        }
        Ok(()) => match state_dir::check_writable(&path) {
            Ok(()) => {
                report.add(Mark::Well, "state", format!("{name}{}, writable", mode_text(&path)));
                check_journals(report, &path);
            }
            Err(why) => {
                let way_out = "set ONRAMP_STATE_DIR to a directory on a local disk";
                report.add(Mark::Bad, "state", format!("{why}: no key can be created; {way_out}"));
            }
        },
    }
}

/// Checks that the journals in the state directory can be locked and written to.
fn check_journals(report: &mut Report, directory: &Path) {
    let found = journal::check_files(directory);
    for why in found.iter().filter_map(|checked| checked.as_ref().err()) {
        report.add(Mark::Bad, "journal", format!("{why}: no key of its account can be created"));
    }
    let well = found.iter().filter(|checked| checked.is_ok()).count();
    if well > 0 {
        let files = words::count(well, "file");
        report.add(Mark::Well, "journal", format!("{files}, lockable and writable"));
    }
}
