use crate::Context;
use groma_base::Severity;
use groma_model::facts;
use groma_model::kinds;
use groma_model::schema::Role;

super::declare!(Error, "a failover that is called automatic and manual at once", check, numbers, blocks_forecast);

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for failure in arch.records_of(Role::Failure) {
        let mode = arch.all_facts(failure.at, &kinds::RECOVERY).find_map(|value| {
            let parts = arch.file(failure.at).parts_of(value);
            let mode = parts.iter().find(|part| std::ptr::eq(part.fact, &kinds::RECOVERY_MODE))?;
            Some((value, arch.words(failure.at, mode)))
        });
        let Some((recovery, mode)) = mode else { continue };
        for failed in arch.all_facts(failure.at, &kinds::FAIL) {
            let Some(element) = arch.referred_element(failure.at, failed) else { continue };
            let at = arch.element(element).at;
            let Some(failover) = arch.fact(at, &facts::FAILOVER) else { continue };
            let said = arch.words(at, failover);
            if said == mode || said == "none" {
                continue;
            }
            let message = format!("the recovery is {mode}, and {} says that its failover is {said}", cx.named(element));
            let finding = cx.at_fact(failure.at, recovery, message);
            cx.push(
                finding
                    .secondary(arch.span(at, failover.whole), "said here")
                    .help("settle which it is: minutes of manual work and seconds of failover make different promises"),
            );
        }
    }
}
