"use strict";
(() => {
  const section = document.getElementById("explore");
  const data = JSON.parse(document.getElementById("numbers").textContent);
  const choice = (name) => section.querySelector(`select[name="${name}"]`);
  const chosen = (name) => choice(name).value;
  const said = (name) => choice(name).selectedOptions[0].textContent;

  // Numbers in words, rounded as in the rest of the page.
  const fixed = (value, digits) => new Intl.NumberFormat("en-US", {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
    roundingMode: "halfEven", signDisplay: "negative",
  }).format(value);
  const count = (value) =>
    fixed(value, Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0);
  const percent = (value) => {
    const size = Math.abs(value);
    return `${fixed(value, size >= 10 || !value ? 0 : size >= 1 ? 1 : 2)}%`;
  };
  const dollars = (value) => {
    const size = Math.abs(value), sign = value < 0 ? "-" : "";
    if (size >= 999.5e6) return `${sign}$${fixed(size / 1e9, 2)} billion`;
    if (size >= 1e6) return `${sign}$${fixed(size / 1e6, 1)} million`;
    return `${fixed(size, 0) === "0" ? "" : sign}$${fixed(size, 0)}`;
  };
  const ranged = (values, form) => {
    const [value, low, high] = [values[0], Math.min(...values), Math.max(...values)].map(form);
    return values.length < 3 || (low === value && high === value) ? value
      : `${value} (${low} to ${high})`;
  };

  // Sums over the chosen years, one for each effect set, the central one first.
  const sum = (at) => data.years.reduce((total, _, year) =>
    chosen("year") === "" || year === Number(chosen("year")) ? total + at(year) : total, 0);
  const events = (outcome, scenario, group) => Array.from({ length: data.draws }, (_, draw) =>
    sum((year) => data.events[outcome][scenario][
      (group * data.years.length + year) * data.draws + draw]));
  const money = (payers, kind, scenario) => Array.from({ length: data.draws }, (_, draw) =>
    payers.reduce((total, payer) => total + sum((year) =>
      data.payers[payer][kind][scenario][year * data.draws + draw]), 0));

  const show = (table, column, text) => {
    for (const cell of section.querySelectorAll(`#${table} td[data-column="${column}"]`)) {
      cell.textContent = text(data.scenarios.indexOf(cell.dataset.scenario));
    }
  };
  const reach = (group) => {
    for (const step of Object.keys(data.steps)) {
      show("explore-reach", step, (scenario) => count(sum((year) =>
        data.steps[step][scenario][group * data.years.length + year])));
    }
  };
  const outcomes = (group) => {
    const name = chosen("outcome"), outcome = data.outcomes[name];
    const before = events(name, data.baseline, group);
    const better = (scenario) => events(name, scenario, group).map((value, draw) =>
      outcome.desirable ? value - before[draw] : before[draw] - value);
    section.querySelector("#explore-outcomes").classList.toggle("narrow", outcome.hidden);
    for (const cell of section.querySelectorAll("#explore-outcomes [data-column]")) {
      cell.hidden = outcome.hidden && cell.dataset.column !== "percent";
    }
    section.querySelector("#explore-outcomes caption").textContent = outcome.better;
    show("explore-outcomes", "before", () => count(before[0]));
    show("explore-outcomes", "after", (scenario) => count(events(name, scenario, group)[0]));
    show("explore-outcomes", "better", (scenario) => ranged(better(scenario), count));
    show("explore-outcomes", "percent", (scenario) => ranged(better(scenario).map((value, draw) =>
      (before[draw] ? 100 * value / before[draw] : 0)), percent));
  };
  const payers = () => {
    const kept = chosen("payer") === "" ? Object.keys(data.payers) : [chosen("payer")];
    for (const cell of section.querySelectorAll("#explore-dollars th[data-column]")) {
      const kind = cell.dataset.column, sign = kind === "program cost" ? 1 : -1;
      const before = money(kept, kind, data.baseline);
      show("explore-dollars", kind, (scenario) => ranged(money(kept, kind, scenario).map(
        (value, draw) => sign * (value - before[draw])), dollars));
    }
  };
  const update = () => {
    const group = Number(chosen("group"));
    reach(group);
    const parts = [said("group"), said("year")];
    if (data.baseline !== null) {
      outcomes(group);
      parts.unshift(said("outcome"));
    }
    if (choice("payer")) {
      payers();
      parts.push(said("payer"));
    }
    section.querySelector("[role=status]").textContent = `Shown: ${parts.join("; ")}.`;
  };

  const form = section.querySelector("form");
  form.addEventListener("change", update);
  form.querySelector("button").addEventListener("click", () => {
    form.reset();
    update();
  });
  form.reset();  // whatever a browser kept from the last visit
  section.hidden = false;
  for (const link of document.querySelectorAll("a[href='#explore']")) {
    link.parentElement.hidden = false;
  }
  update();
})();
