
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const filters = byId("filters");
  const groups = [...document.querySelectorAll(".group")].map((element) => ({
    element,
    migration: element.dataset.migration,
    items: [...element.querySelectorAll(":scope > details")],
  }));
  const total = groups.reduce((sum, group) => sum + group.items.length, 0);
  const texts = new Map();
  const migration = byId("f-migration");
  const text = byId("f-text");
  const count = byId("f-count");

  const grouped = (number) => number.toLocaleString("en");
  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };
  const ticked = (name) =>
    [...filters.querySelectorAll(`input[name=${name}]:checked`)].map((input) => input.value);
  const has = (item, values) => values.length === 0 || values.some((value) => item.classList.contains(value));

  const apply = () => {
    const verdicts = ticked("verdict");
    const levels = ticked("level");
    const planes = ticked("plane");
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const group of groups) {
      let here = 0;
      const chosen = migration.value === "" || migration.value === group.migration;
      for (const item of group.items) {
        const kept =
          chosen && has(item, verdicts) && has(item, levels) && has(item, planes) &&
          (words.length === 0 || words.every((word) => textOf(item).includes(word)));
        if (item.hidden === kept) item.hidden = !kept;
        if (kept) here += 1;
      }
      group.element.hidden = here === 0;
      shown += here;
    }
    count.textContent = shown === total ? `all ${grouped(total)} shown` : `${grouped(shown)} of ${grouped(total)} shown`;
  };
  const clear = () => {
    for (const input of filters.querySelectorAll("input:checked")) input.checked = false;
    migration.value = "";
    text.value = "";
    apply();
  };

  const reveal = () => {
    const target = location.hash.length > 1 ? byId(location.hash.slice(1)) : null;
    if (target === null) return;
    if (target.closest("[hidden]") !== null && target.closest("#everything") !== null) clear();
    if (target.matches("details")) target.open = true;
    target.scrollIntoView();
    // What lies between was not laid out until now, and may have moved it.
    requestAnimationFrame(() => requestAnimationFrame(() => target.scrollIntoView()));
  };

  let waiting = 0;
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 80);
  });
  filters.addEventListener("change", apply);
  filters.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
  });
  byId("f-clear").addEventListener("click", clear);

  document.addEventListener("click", (event) => {
    const cell = event.target.closest("a[data-verdict]");
    if (cell === null) return;
    clear();
    migration.value = cell.dataset.migration;
    filters.querySelector(`input[name=verdict][value=${cell.dataset.verdict}]`).checked = true;
    apply();
  });

  const copied = async (pre, button) => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(pre);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };
  for (const block of document.querySelectorAll(".card .sql, #how .sql")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", () => copied(block.querySelector("pre"), button));
    block.classList.add("copies");
    block.append(button);
  }

  filters.hidden = false;
  apply();
  addEventListener("hashchange", reveal);
  reveal();
})();
