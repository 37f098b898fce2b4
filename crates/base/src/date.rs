//! Dates of the Gregorian calendar, written `YYYY-MM-DD`.

/// Whether a text is a date of the calendar, `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |part: &str, digits: usize| (part.len() == digits).then(|| part.parse::<u32>().ok()).flatten();
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// What a text was meant as that looks like a date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MeantDate {
    /// This date: `2026-12-31` for `12/31/2026`.
    Day(String),
    /// A day that the calendar does not have: `2026-02-30`.
    NoSuchDay,
    /// One of two: `03/04/2026`.
    OneOfTwo,
}

/// What a text was meant as if it looks like a date: three numbers, of which the first or the last is a year. With dots the day comes first.
pub fn meant_date(text: &str) -> Option<MeantDate> {
    let separator = text.chars().find(|letter| !letter.is_ascii_digit()).filter(|letter| "-/.".contains(*letter))?;
    let parts: Vec<&str> = text.split(separator).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let is_number =
        |part: &&str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let written = |year: &str, month: &str, day: &str| format!("{year}-{month:0>2}-{day:0>2}");
    let found = if first.len() == 4 && is_number(first, 4) && is_number(second, 2) && is_number(third, 2) {
        vec![written(first, second, third)]
    } else if third.len() == 4 && is_number(first, 2) && is_number(second, 2) && is_number(third, 4) {
        let day_first = written(third, second, first);
        if separator == '.' { vec![day_first] } else { vec![day_first, written(third, first, second)] }
    } else {
        return None;
    };
    let mut days: Vec<String> = found.into_iter().filter(|date| is_date(date)).collect();
    days.dedup();
    Some(match days.len() {
        0 => MeantDate::NoSuchDay,
        1 => MeantDate::Day(days.remove(0)),
        _ => MeantDate::OneOfTwo,
    })
}

/// The Gregorian date of a day counted from 1970-01-01, after Howard Hinnant's `civil_from_days`.
pub fn date_of_day(days: u64) -> String {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The days from one date to another, both `YYYY-MM-DD`; negative if the other is earlier. `None` if one is no date.
pub fn days_between(from: &str, to: &str) -> Option<i64> {
    Some(day_number(to)? - day_number(from)?)
}

/// The date so many days after another, or before it; `None` if that is no date, or lies before 1970.
pub fn date_after(date: &str, days: i64) -> Option<String> {
    let since_1970 = days_between("1970-01-01", date)?.checked_add(days)?;
    u64::try_from(since_1970).ok().map(date_of_day)
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
    use super::{MeantDate, date_after, date_of_day, days_between, is_date, meant_date};

    #[test]
    fn days_are_added_over_months_and_leap_years() {
        assert_eq!(date_after("2028-02-28", 2).as_deref(), Some("2028-03-01"));
        assert_eq!(date_after("2027-01-01", -1).as_deref(), Some("2026-12-31"));
        assert_eq!(date_after("1970-01-01", -1), None);
        assert_eq!(date_after("soon", 1), None);
    }

    #[test]
    fn a_date_is_understood_in_other_forms_where_only_one_day_is_meant() {
        let day = |date: &str| Some(MeantDate::Day(date.into()));
        for (text, meant) in [
            ("12/31/2026", day("2026-12-31")),
            ("31/12/2026", day("2026-12-31")),
            ("31.12.2026", day("2026-12-31")),
            ("3.4.2026", day("2026-04-03")),
            ("4/4/2026", day("2026-04-04")),
            ("2026/2/3", day("2026-02-03")),
            ("03/04/2026", Some(MeantDate::OneOfTwo)),
            ("2026-02-30", Some(MeantDate::NoSuchDay)),
            ("31/31/2026", Some(MeantDate::NoSuchDay)),
            ("1.2.3", None),
            ("10.0.0.1", None),
            ("2026", None),
        ] {
            assert_eq!(meant_date(text), meant, "{text}");
        }
    }

    #[test]
    fn days_become_dates_and_are_counted() {
        assert_eq!(date_of_day(0), "1970-01-01");
        assert_eq!(date_of_day(19_782), "2024-02-29");
        assert_eq!(date_of_day(20_778), "2026-11-21");
        for day in (0..80_000).step_by(97) {
            assert!(is_date(&date_of_day(day)));
            assert_eq!(days_between("1970-01-01", &date_of_day(day)), Some(day as i64));
        }
        assert_eq!(days_between("2026-11-26", "2026-11-20"), Some(-6));
        assert_eq!(days_between("2026-11", "2026-11-20"), None);
    }
}
