//! Charts, their text summaries and their tables.

texts! {
    chart_of(label): "Chart: {label}", "Diagramm: {label}";
    day: "Day", "Tag";
    today: "Today", "Heute";
    today_so_far: " · today so far", " · heute bisher";
    so_far: " · so far", " · bisher";
    unfinished: "Today so far", "Heute bisher";
    redemptions: "Redemptions", "Einlösungen";
    discount: "Discount", "Rabatt";
    average: "7-day average", "7-Tage-Schnitt";
    previous_period: "Previous period", "Vorheriger Zeitraum";
    declined: "Declined", "Abgelehnt";
    redemption_limit: "Redemption limit", "Einlöselimit";
    budget: "Budget", "Budget";
    spent: "Spent", "Ausgegeben";
    remaining: "Remaining", "Verbleibend";
    projection: "Projection", "Hochrechnung";
    forecast: "Forecast", "Prognose";
    range_80: "80% range", "80-%-Bereich";
    range_95: "95% range", "95-%-Bereich";
    runs_out: "Runs out", "Aufgebraucht";
    lower_80: "Low (80%)", "Min. (80 %)";
    upper_80: "High (80%)", "Max. (80 %)";
    lower_95: "Low (95%)", "Min. (95 %)";
    upper_95: "High (95%)", "Max. (95 %)";
    titled(title, period): "{title}, {period}", "{title}, {period}";

    // Text summaries, for screen readers.
    sum_in(sum, days): "{sum} {days}.", "{sum} {days}.";
    today_counts(number): "Today so far: {number}.", "Heute bisher: {number}.";
    peak(number, day): "Peak: {number} on {day}.", "Höchstwert: {number} am {day}.";
    some_declined(redemptions): "{redemptions} declined.", "{redemptions} abgelehnt.";
    no_redemptions: "No redemptions yet.", "Noch keine Einlösungen.";
    totals(redemptions, share, amount, first, last):
        "{redemptions}{share} and {amount} in discounts from {first} to {last}.",
        "{redemptions}{share} und {amount} Rabatt vom {first} bis {last}.";
    share_of(percent, limit): " ({percent} of the limit of {limit})", " ({percent} des Limits von {limit})";
    spent_of(spent, budget, percent, remaining):
        "Spent {spent} of {budget} ({percent}), {remaining} remaining.",
        "{spent} von {budget} ausgegeben ({percent}), {remaining} verbleibend.";
    spent_no_budget(spent): "Spent {spent}. No budget set.", "{spent} ausgegeben. Kein Budget festgelegt.";
    spent_last_week(amount): "Spent {amount} in the last 7 full days.",
        "{amount} in den letzten 7 vollen Tagen ausgegeben.";
    ends_before_forecast: "The selected period ends before the forecast starts.",
        "Der gewählte Zeitraum endet vor Beginn der Prognose.";
    expects(expected, last, on_last, low, high):
        "Forecast: about {expected} redemptions by {last}. About {on_last} on that day, likely {low}–{high} (80%).",
        "Prognose: etwa {expected} Einlösungen bis {last}. An diesem Tag etwa {on_last}, wahrscheinlich {low}–{high} (80 %).";
    last_full_week(change): "Last 7 full days: {change}.", "Letzte 7 volle Tage: {change}.";
    week_to(day, change): "7 days to {day}: {change}.", "7 Tage bis {day}: {change}.";
    same_as_before(redemptions): "{redemptions}, same as the previous 7 days",
        "{redemptions}, so viele wie in den 7 Tagen davor";
    up_from_none(redemptions): "{redemptions}, up from none in the previous 7 days",
        "{redemptions}, nach keiner in den 7 Tagen davor";
    up_from(redemptions, percent, before): "{redemptions}, up {percent} from {before} in the previous 7 days",
        "{redemptions}, {percent} mehr als in den 7 Tagen davor ({before})";
    down_from(redemptions, percent, before): "{redemptions}, down {percent} from {before} in the previous 7 days",
        "{redemptions}, {percent} weniger als in den 7 Tagen davor ({before})";
}
