//! Days between two dates of the Gregorian calendar.

/// The days from one date to another, both `YYYY-MM-DD`; negative if the other is earlier. `None` if one is no date.
pub(super) fn days_between(from: &str, to: &str) -> Option<i64> {
    Some(day_number(to)? - day_number(from)?)
}

/// The days from the first of March of the year 0, as the calendar would have counted it: years that begin in March end with the
/// day that only some have.
fn day_number(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1)
}

#[cfg(test)]
mod tests {
    use super::days_between;

    #[test]
    fn days_are_counted_over_ends_of_months_and_leap_days() {
        let days = |from, to| days_between(from, to).unwrap();
        assert_eq!(days("2026-01-31", "2026-02-01"), 1);
        assert_eq!(days("2024-02-28", "2024-03-01"), 2);
        assert_eq!(days("2100-02-28", "2100-03-01"), 1);
        assert_eq!(days("2000-01-01", "2001-01-01"), 366);
        assert_eq!(days("1970-01-01", "2026-11-26"), 20_783);
        assert_eq!(days("2026-11-26", "2026-11-20"), -6);
        assert_eq!(days_between("2026-11", "2026-11-20"), None);
    }
}
