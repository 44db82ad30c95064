/* Change places in the grid: drag with mouse or finger, or with the keyboard. What it costs is shown before it is kept. */
"use strict";

(() => {
  const form = document.querySelector("form[data-seating]");
  if (!form) return;
  const token = form.querySelector('input[name="csrf_token"]').value;
  const panel = form.querySelector("[data-cost]");
  const words = form.querySelector("[data-cost-text]");
  const keep = form.querySelector("[data-keep]");
  const cells = Array.from(form.querySelectorAll("td[data-slot]"));
  const across = Number(form.querySelector("table").dataset.columns);
  let held = null, target = null, wish = null, drag = null;

  const talkIn = (cell) => cell.querySelector("[data-talk]");

  function aim(cell) {
    if (target) target.classList.remove("target");
    target = cell;
    if (target) target.classList.add("target");
  }

  function take(talk) {
    letGo();
    held = talk;
    talk.classList.add("held");
    talk.setAttribute("aria-pressed", "true");
  }

  function letGo() {
    if (held) held.classList.remove("held"), held.setAttribute("aria-pressed", "false");
    held = wish = null;
    aim(null);
    panel.hidden = true;
  }

  function fields(cell) {
    const other = talkIn(cell);
    if (other === held) return null;
    if (other) return { talk: Number(held.dataset.talk), other: Number(other.dataset.talk) };
    if (!cell.classList.contains("free")) return null;
    return { talk: Number(held.dataset.talk), slot: Number(cell.dataset.slot), table_number: Number(cell.dataset.table) };
  }

  async function ask(cell) {
    const asked = fields(cell);
    if (!asked) return letGo();
    aim(cell);
    wish = null;
    say("正在算代价…", false);
    try {
      const answer = await fetch(`/api/v1/events/${form.dataset.seating}/seating-cost`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
        body: JSON.stringify(asked),
      });
      const cost = await answer.json();
      if (!answer.ok) return say(cost.detail || "没有算成，请刷新页面后再试。", true);
      wish = cost.breaks.length ? null : asked;
      say(cost.sentence, cost.breaks.length > 0);
    } catch {
      say("网络不通，没有算成，请稍后重试。", true);
    }
  }

  function say(text, broken) {
    panel.hidden = false;
    panel.classList.toggle("broken", broken);
    words.textContent = text;
    keep.hidden = !wish;
    if (wish) keep.focus();
  }

  keep.addEventListener("click", () => {
    if (!wish) return;
    for (const input of form.querySelectorAll('input[type="checkbox"], input[type="radio"]')) input.checked = false;
    for (const [name, value] of Object.entries({ ...wish, do: "keep" })) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    form.submit();
  });
  form.querySelector("[data-drop]").addEventListener("click", letGo);

  for (const talk of form.querySelectorAll("[data-talk]")) {
    talk.tabIndex = 0;
    talk.setAttribute("role", "button");
    talk.setAttribute("aria-pressed", "false");
    talk.setAttribute("aria-label", `${talk.querySelector("a").title}。按回车拿起`);
    talk.querySelector("a").draggable = false;
  }

  /* Pointer: a short move begins a drag; on a touch screen a long press does, so that the grid can still be scrolled. */
  form.addEventListener("pointerdown", (event) => {
    const talk = event.target.closest("[data-talk]");
    if (!talk || event.button !== 0) return;
    drag = { talk, x: event.clientX, y: event.clientY, on: false, id: event.pointerId };
    if (event.pointerType === "touch") drag.timer = setTimeout(() => begin(), 350);
  });
  function begin() {
    if (!drag) return;
    take(drag.talk);
    drag.on = true;
    try { drag.talk.setPointerCapture(drag.id); } catch { /* the finger has left already */ }
  }
  form.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 8;
    if (!drag.on && far && event.pointerType === "touch") return stop();
    if (!drag.on && far) begin();
    if (!drag.on) return;
    event.preventDefault();
    const under = document.elementFromPoint(event.clientX, event.clientY);
    aim(under ? under.closest("td[data-slot]") : null);
  });
  form.addEventListener("touchmove", (event) => { if (drag && drag.on) event.preventDefault(); }, { passive: false });
  form.addEventListener("contextmenu", (event) => { if (drag && event.target.closest("[data-talk]")) event.preventDefault(); });
  form.addEventListener("dragstart", (event) => event.preventDefault());
  function stop() {
    if (drag) clearTimeout(drag.timer);
    drag = null;
  }
  form.addEventListener("pointerup", () => {
    const dropped = drag && drag.on;
    stop();
    if (dropped && target) ask(target);
    else if (dropped) letGo();
    if (dropped) form.addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
  });
  form.addEventListener("pointercancel", () => { if (drag && drag.on) letGo(); stop(); });

  /* Keyboard: Enter takes a talk up, arrows choose a place, Enter shows the cost, Escape puts it back. */
  form.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    if (event.key === "Escape" && held) { const talk = held; letGo(); talk.focus(); return; }
    if (event.target.closest("button, select, input, [data-cost]")) return;
    const talk = event.target.closest("[data-talk]");
    if (event.target.tagName !== "A" && (event.key === "Enter" || event.key === " ") && talk) {
      event.preventDefault();
      if (held && target) ask(target);
      else take(talk), aim(talk.closest("td"));
    } else if (step && held) {
      event.preventDefault();
      const next = cells[cells.indexOf(target || held.closest("td")) + step];
      if (next) aim(next), next.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  });
})();
