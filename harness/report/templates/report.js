"use strict";
// Sorts and filters the table of cases; without it the page shows them all, in the order they ran.
const table = document.getElementById("cases");
const most = 1000;  // rows laid out at once: more take a browser seconds
const rows = [...table.tBodies[0].rows];
const text = document.getElementById("text");
const boxes = [...document.querySelectorAll("#filter input[type=checkbox]")];
const shown = document.getElementById("shown");

function filter() {
  const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = boxes.filter((box) => box.checked).map((box) => box.value);
  let count = 0;
  for (const row of rows) {
    const said = `${row.textContent} ${row.dataset.tags}`.toLowerCase();
    const kinds = row.dataset.kinds.split(" ");
    const fits = words.every((word) => said.includes(word)) &&
      (wanted.length === 0 || wanted.some((kind) => kinds.includes(kind)));
    row.hidden = !fits || count >= most;
    count += fits;
  }
  const rest = count > most ? `, the first ${most} shown` : "";
  shown.textContent = `${count} of ${rows.length} cases${rest}`;
}

function value(row, column) {
  const cell = row.cells[column];
  const number = Number.parseFloat(cell.textContent);
  return cell.classList.contains("number") && !Number.isNaN(number) ? number : cell.textContent;
}

function compare(a, b) {
  const kinds = [typeof a, typeof b];
  if (kinds[0] !== kinds[1]) return kinds[0] === "number" ? -1 : 1;
  return kinds[0] === "number" ? a - b : a.localeCompare(b);
}

function sort(heading) {
  const down = heading.getAttribute("aria-sort") === "ascending";
  for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const column = heading.cellIndex;
  rows.sort((a, b) => (down ? -1 : 1) * compare(value(a, column), value(b, column)));
  table.tBodies[0].append(...rows);
  filter();
}

for (const heading of table.tHead.rows[0].cells) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = heading.textContent;
  button.addEventListener("click", () => sort(heading));
  heading.replaceChildren(button);
}
text.addEventListener("input", filter);
for (const box of boxes) box.addEventListener("change", filter);
document.getElementById("filter").hidden = false;
filter();

function open() {
  const id = decodeURIComponent(location.hash.slice(1));
  const found = id && document.getElementById(id);
  if (found) {
    for (const each of found.querySelectorAll(":scope > details")) each.open = true;
    found.scrollIntoView();
  }
}
addEventListener("hashchange", open);
open();
