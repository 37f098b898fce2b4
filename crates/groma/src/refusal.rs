//! Shows why a command could not be carried out; mostly that there is no forecast.

use crate::output::{Exit, Failure, print, print_error, print_failure, wants_color};
use groma_report::{Color, FindingsReport, Format};
use groma_session::Refusal;

/// Says why a command could not be carried out, if that is to be said.
pub(crate) fn tell(failure: &Failure) {
    match failure {
        Failure::Message { message, help } => print_failure(message, help.as_deref()),
        Failure::Refused { refusal, change } => print_findings(refusal, change.as_deref()),
        Failure::ClosedPipe | Failure::Interrupted => {}
    }
}

/// Shows the findings on standard error, and what they mean for the forecast.
pub(crate) fn print_findings(refusal: &Refusal, change: Option<&str>) {
    let color = if wants_color(&std::io::stderr()) { Color::Always } else { Color::Never };
    print_error(&render(refusal, Format::Human, color));
    print_error(&format!("error: {}\n", headline(refusal, change)));
}

/// That there is no forecast, and what is asked for instead.
pub(crate) fn headline(refusal: &Refusal, change: Option<&str>) -> String {
    let with = change.map(|change| format!(" with {change}")).unwrap_or_default();
    let what = match refusal.findings.len() {
        1 => "a finding".to_owned(),
        count => format!("{count} findings"),
    };
    format!("there is no forecast{with}: {what} must be fixed first; an `allow` does not help here")
}

/// A command that writes JSON answers with a document of findings.
pub(crate) fn as_json(result: Result<Exit, Failure>) -> Result<Exit, Failure> {
    let Err(Failure::Refused { refusal, .. }) = &result else { return result };
    print(&render(refusal, Format::Json, Color::Never))?;
    Ok(Exit::Unusable)
}

fn render(refusal: &Refusal, format: Format, color: Color) -> String {
    let (findings, left_out) = groma_report::most(refusal.findings.clone());
    let report = FindingsReport::of(&refusal.sources, &findings, &left_out);
    groma_report::render(&report, format, color)
}
