"""Working days and French public holidays."""

from datetime import UTC, date, datetime

from skillshare.ground import clock


def test_easter_monday_and_ascension_follow_easter():
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)} <= clock.public_holidays(2026)
    assert {date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17)} <= clock.public_holidays(2027)


def test_a_year_has_eleven_public_holidays():
    assert len(clock.public_holidays(2027)) == 11


def test_working_days_skip_week_ends_and_holidays():
    assert clock.add_working_days(date(2026, 12, 23), 2) == date(2026, 12, 28)  # Christmas is a Friday


def test_zero_working_days_from_a_sunday_is_monday():
    assert clock.add_working_days(date(2026, 11, 22), 0) == date(2026, 11, 23)


def test_working_days_of_a_period_count_both_ends():
    assert clock.working_days(date(2026, 11, 9), date(2026, 11, 13)) == 4  # the 11th is a holiday


def test_the_local_date_follows_paris_across_the_clock_change():
    assert clock.local_date(datetime(2026, 10, 24, 22, 30, tzinfo=UTC)) == date(2026, 10, 25)
    assert clock.local_date(datetime(2026, 10, 25, 23, 30, tzinfo=UTC)) == date(2026, 10, 26)


def test_travelling_holds_the_clock_then_lets_it_go():
    at = datetime(2026, 2, 28, 12, tzinfo=UTC)
    with clock.travel(at):
        assert clock.now() == at
    assert clock.now() > at
