/* The screen on the wall: its clock, the slot that is on, pages of tables in turn, and going on without a network. */
"use strict";

(() => {
  const part = (id) => document.getElementById(id);
  const EVERY = 15_000;
  const AGAIN = 3000;
  const TURN = 8_000;
  const TIME = { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai", hour12: false };
  let offset = Number(part("wall").dataset.now) - Date.now();
  if (Math.abs(offset) < 3000) offset = 0;
  let updated = Date.now();
  let turn = 0;

  const now = () => Date.now() + offset;
  const shown = (moment) => new Date(moment).toLocaleTimeString("zh-CN", TIME);
  const left = (milliseconds) => {
    const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
    const hours = Math.floor(seconds / 3600);
    if (hours >= 48) return `${Math.floor(hours / 24)} 天`;
    const rest = `${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
    return hours ? `${hours}:${rest}` : rest;
  };

  function tick() {
    const slots = Array.from(document.querySelectorAll(".wall-slot"));
    const at = now();
    const begins = (slot) => Number(slot.dataset.begins);
    const on = slots.find((slot) => begins(slot) <= at && at < Number(slot.dataset.ends));
    const next = slots.find((slot) => begins(slot) > at);
    const before = slots.filter((slot) => Number(slot.dataset.ends) <= at).pop();
    const visible = on || next || slots[slots.length - 1];
    for (const slot of slots) slot.hidden = slot !== visible;
    part("wall-time").textContent = shown(at);
    if (on) {
      part("wall-phase").textContent = on.dataset.name;
      part("wall-left").textContent = `还剩 ${left(Number(on.dataset.ends) - at)}`;
      part("wall-left").classList.toggle("soon", Number(on.dataset.ends) - at < 180_000);
      part("wall-next").textContent = next ? `下一场 ${next.dataset.name}` : "这是最后一场";
    } else if (next) {
      part("wall-phase").textContent = before ? `${before.dataset.break || "换场"} · 下一场 ${next.dataset.name}` : `即将开始 · ${next.dataset.name}`;
      part("wall-left").textContent = `${left(begins(next) - at)} 后开始`;
      part("wall-left").classList.remove("soon");
      part("wall-next").textContent = "请按下一场的桌号就座";
    } else {
      part("wall-phase").textContent = "今天的洽谈已全部结束，谢谢大家";
      part("wall-left").textContent = "";
      part("wall-next").textContent = "";
    }
    if (visible) leaf(visible);
  }

  /* So many tables that they could not be read are shown a page at a time. */
  function leaf(slot) {
    const tables = Array.from(slot.querySelectorAll(".wall-table"));
    const each = Number(part("wall").dataset.perPage);
    const pages = Math.max(1, Math.ceil(tables.length / each));
    const page = Math.floor(turn / TURN) % pages;
    tables.forEach((table, index) => { table.hidden = Math.floor(index / each) !== page; });
    part("wall-page").textContent = pages > 1 ? `第 ${page + 1} / ${pages} 页` : "";
  }

  async function update() {
    try {
      if (!navigator.onLine) throw new Error("offline");
      const answer = await fetch(location.pathname, { cache: "no-store", signal: AbortSignal.timeout(10_000) });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["wall-slots", "wall-here"]) {
        const made = fresh.getElementById(id);
        if (made) part(id).replaceChildren(...made.childNodes);
      }
      const told = Number(fresh.getElementById("wall").dataset.now) - Date.now();
      offset = Math.abs(told) < 3000 ? 0 : told;
      updated = Date.now();
      part("wall-offline").hidden = true;
    } catch {
      part("wall-offline").textContent = `离线，最后更新 ${shown(updated + offset)}`;
      part("wall-offline").hidden = false;
    }
    tick();
  }

  setInterval(() => { turn += 1000; tick(); }, 1000);
  setInterval(update, EVERY);
  setInterval(() => { if (!part("wall-offline").hidden) update(); }, AGAIN);
  addEventListener("online", update);
  addEventListener("offline", update);
  tick();
  update();
  if ("serviceWorker" in navigator) {
    const scope = location.pathname.startsWith("/w/") ? "/w/" : "/events/";
    navigator.serviceWorker.register("/door-worker.js", { scope }).then(async (made) => {
      const worker = made.active || (await navigator.serviceWorker.ready).active;
      const files = Array.from(document.querySelectorAll("link[href], script[src]"), (one) => one.href || one.src);
      worker.postMessage({ keep: [location.pathname, ...files] });
    }).catch(() => {});
  }
})();
