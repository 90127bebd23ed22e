//! Charts, what they say in words, and their tables.

words! {
    chart_of(label): "Chart: {label}", "Diagramm: {label}";
    day: "Day", "Tag";
    today: "Today", "Heute";
    today_so_far: " · today so far", " · heute bisher";
    so_far: " · so far", " · bisher";
    unfinished: "Today so far", "Heute bisher";
    redemptions: "Redemptions", "Einlösungen";
    discount: "Discount", "Rabatt";
    average: "7-day average", "7-Tage-Schnitt";
    before: "Period before", "Zeitraum davor";
    turned_away: "Turned away", "Abgewiesen";
    maximum: "Maximum", "Maximum";
    budget: "Budget", "Budget";
    spent: "Spent", "Ausgegeben";
    remaining: "Remaining", "Übrig";
    projection: "Projection", "Hochrechnung";
    forecast: "Forecast", "Prognose";
    range_80: "80% range", "80-%-Bereich";
    range_95: "95% range", "95-%-Bereich";
    runs_out: "Runs out", "Aufgebraucht";
    from_80: "80% from", "80 % ab";
    to_80: "80% to", "80 % bis";
    from_95: "95% from", "95 % ab";
    to_95: "95% to", "95 % bis";
    titled(title, period): "{title}, {period}", "{title}, {period}";

    // In words.
    sum_in(sum, days): "{sum} {days}.", "{sum} {days}.";
    today_counts(number): "Today so far: {number}.", "Heute bisher: {number}.";
    most_on(day, number): "Most on {day}: {number}.", "Die meisten am {day}: {number}.";
    refusals(customers): "{customers} turned away.", "{customers} abgewiesen.";
    nothing_yet: "Nothing redeemed yet.", "Noch nichts eingelöst.";
    totals(first, last, redemptions, share, amount):
        "Totals from {first} to {last}: {redemptions}{share} and {amount} of discount.",
        "Summen vom {first} bis {last}: {redemptions}{share} und {amount} Rabatt.";
    share_of(percent, maximum): " ({percent} of the {maximum} possible)", " ({percent} der {maximum} möglichen)";
    spent_of(spent, budget, percent, remaining):
        "Spent {spent} of a budget of {budget} ({percent}); {remaining} remain.",
        "{spent} von {budget} Budget ausgegeben ({percent}); {remaining} sind übrig.";
    spent_no_limit(spent): "Spent {spent}; the offer has no budget limit.",
        "{spent} ausgegeben; das Angebot hat keine Budgetgrenze.";
    last_week_took(amount): "The last 7 full days took {amount}.", "Die letzten 7 vollen Tage kosteten {amount}.";
    ends_before_forecast: "The days shown end before the forecast begins.",
        "Die gezeigten Tage enden, bevor die Prognose beginnt.";
    expects(expected, last, on_last, low, high):
        "Forecast: about {expected} redemptions until {last}. On that day {on_last}, between {low} and {high} with 80% certainty.",
        "Prognose: etwa {expected} Einlösungen bis {last}. An diesem Tag {on_last}, mit 80 % Sicherheit zwischen {low} und {high}.";
    last_full_week(change): "In the last 7 full days redemptions {change}.",
        "In den letzten 7 vollen Tagen {change}.";
    week_to(day, change): "In the 7 days to {day} redemptions {change}.", "In den 7 Tagen bis {day} {change}.";
    as_many(number): "were as many as in the 7 days before, {number}",
        "waren es so viele Einlösungen wie in den 7 Tagen davor, {number}";
    rose_from_none(number): "rose from none in the 7 days before to {number}",
        "stiegen die Einlösungen von keiner in den 7 Tagen davor auf {number}";
    rose(percent, from, to): "rose {percent} against the 7 days before, from {from} to {to}",
        "stiegen die Einlösungen um {percent} gegenüber den 7 Tagen davor, von {from} auf {to}";
    fell(percent, from, to): "fell {percent} against the 7 days before, from {from} to {to}",
        "fielen die Einlösungen um {percent} gegenüber den 7 Tagen davor, von {from} auf {to}";
    most_on_one_day(number, day): " The most on one day: {number} on {day}.",
        " Die meisten an einem Tag: {number} am {day}.";
}
