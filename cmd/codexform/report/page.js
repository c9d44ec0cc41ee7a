"use strict";
const rows = JSON.parse(document.getElementById("data").textContent);
const columns = [["h", "Machine"], ["u", "User"], ["s", "State"], ["c", "Code"], ["p", "Policy"], ["r", "Ring"], ["x", "Codex"], ["t", "Last run"], ["m", "Why"]]
  .filter(([key]) => key === "h" || rows.some(r => r[key] !== undefined || key === "m" && r.d));
const words = {in_sync: "in sync", none: "not managed", person: "needs a person", silent: "no run for a week", ahead: "clock ahead"};
const say = v => Object.hasOwn(words, v) ? words[v] : v;
for (const r of rows) r.all = columns.map(c => r[c[0]] === undefined ? "" : c[0] === "s" ? say(r.s) + " " + r.s : r[c[0]]).concat(r.d || []).join(" ").toLowerCase();
const $ = id => document.getElementById(id), step = 100, onPaper = 1000;
let order = null, down = false, shown = step, found = rows;
const selects = [["state", "s"], ["code", "c"], ["ring", "r"], ["look", "n"]];
for (const [id, key] of selects) {
  for (const v of [...new Set(rows.flatMap(r => r[key] || []))].sort()) $(id).add(new Option(say(v), v));
  $(id).parentElement.hidden = $(id).length < 2;
  $(id).addEventListener("change", filter);
}
const head = document.querySelector("#machines thead tr");
for (const [key, title] of columns) {
  const th = document.createElement("th"), button = document.createElement("button");
  th.scope = "col"; th.className = key; button.type = "button"; button.textContent = title; th.append(button); head.append(th);
  button.addEventListener("click", () => {
    down = order === key && !down; order = key;
    for (const other of head.children) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
    filter();
  });
}
$("q").addEventListener("input", filter);
$("more").addEventListener("click", () => {
  const from = shown;
  shown += step * 5; draw();
  const next = document.querySelector("#machines tbody").rows[from];
  if ($("more").hidden && next) { next.tabIndex = -1; next.focus(); }
});
$("filter").addEventListener("submit", e => e.preventDefault());
function filter() {
  const asked = $("q").value.toLowerCase().split(/\s+/).filter(Boolean), want = selects.map(([id, key]) => [key, $(id).value]).filter(w => w[1]);
  found = rows.filter(m => want.every(([key, v]) => Array.isArray(m[key]) ? m[key].includes(v) : m[key] === v) && asked.every(q => m.all.includes(q)));
  if (order) {
    const plain = (x, y) => x < y ? -1 : x > y ? 1 : 0, sign = down ? -1 : 1;
    const by = ["h", "u", "x"].includes(order) ? new Intl.Collator("en", {numeric: true}).compare : plain;
    found.sort((a, b) => {
      const x = a[order], y = b[order];
      if (x === undefined || y === undefined) return (x === undefined) - (y === undefined); // who has none comes last
      return sign * by(x, y);
    });
  }
  shown = step; draw();
}
function draw() {
  const body = document.createDocumentFragment();
  for (const m of found.slice(0, shown)) {
    const tr = document.createElement("tr");
    for (const [key] of columns) {
      const cell = document.createElement(key === "h" ? "th" : "td");
      if (key === "h") cell.scope = "row";
      if (key === "s") { cell.className = m.s; cell.textContent = say(m.s); }
      else if (key === "m") cell.textContent = m.m || (m.d || []).join(", ");
      else cell.textContent = m[key] === undefined ? "" : m[key];
      tr.append(cell);
    }
    body.append(tr);
  }
  document.querySelector("#machines tbody").replaceChildren(body);
  $("found").textContent = found.length + " of " + rows.length + (found.length > shown ? ", the first " + shown + " shown" : "");
  $("more").hidden = found.length <= shown;
}
// On paper nobody can ask for more.
let before = 0;
addEventListener("beforeprint", () => { before = shown; if (shown < onPaper) { shown = onPaper; draw(); } });
addEventListener("afterprint", () => { if (shown !== before) { shown = before; draw(); } });
filter();
