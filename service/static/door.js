/* The door of an event: notes are kept in this browser first and sent when the network lets them through. */
"use strict";

(() => {
  const door = document.getElementById("door");
  if (!door) return;
  const event = door.dataset.event;
  const here = `/events/${event}/door`;
  const NOTE = `woshou:door:${event}:`;
  const OFFSET = "woshou:door-clock";
  const STRANGE = `woshou:door-strange:${event}`;
  const part = (id) => document.getElementById(id);
  const rows = () => Array.from(document.querySelectorAll("#guests .guest"));
  const rowOf = (badge) => rows().find((row) => row.dataset.badge === badge);
  let sending = false;
  let again = false;
  let online = true;

  /* The server's clock as far as it is known, so that phones with wrong clocks agree. */
  const serverTime = () => Date.now() + Number(localStorage.getItem(OFFSET) || 0);
  function learnClock(answer) {
    const off = Date.parse(answer.headers.get("date")) - Date.now();
    if (Number.isFinite(off)) localStorage.setItem(OFFSET, String(Math.abs(off) > 3000 ? off : 0));
  }

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* One key for each note: two tabs of one phone never write over each other. */
  function waiting() {
    const found = [];
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(NOTE)) found.push(JSON.parse(localStorage.getItem(key)));
    }
    return found.sort((one, other) => (one.at < other.at ? -1 : 1));
  }

  function note(badge, kind) {
    if (!/^[A-Z0-9]{1,12}$/.test(read(badge))) {
      trouble("胸牌编号只有字母和数字，最多 12 位，请看一下再输。");
      return null;
    }
    const made = { id: newId(), badge: read(badge), kind, at: new Date(serverTime()).toISOString() };
    try {
      localStorage.setItem(NOTE + made.id, JSON.stringify(made));
    } catch {
      trouble("这部手机存不下记录，请先联网；这一条没有记上。");
      return null;
    }
    show();
    send();
    return made;
  }

  /* A code is a badge, or an address that ends in one. */
  const read = (text) => text.slice(text.lastIndexOf("#") + 1).trim().toUpperCase();

  function show() {
    const queue = waiting();
    const latest = new Map(queue.map((one) => [one.badge, one.kind]));
    for (const row of rows()) {
      const said = latest.get(row.dataset.badge);
      row.dataset.shown = said === "ARRIVED" ? "ARRIVED" : said === "UNDONE" ? "COMING" : row.dataset.state;
      row.classList.toggle("waits", said !== undefined);
      row.querySelector(".guest-arrive").disabled = row.dataset.shown === "ARRIVED";
    }
    part("door-here").textContent = rows().filter((row) => row.dataset.shown === "ARRIVED").length;
    part("door-all").textContent = rows().filter((row) => !["NOT_COMING", "ABSENT"].includes(row.dataset.shown)).length;
    const net = part("door-net");
    net.hidden = online && queue.length === 0;
    net.dataset.waiting = queue.length;
    net.textContent = [online ? "" : "离线", queue.length ? `待同步 ${queue.length}` : ""].filter(Boolean).join(" · ");
    const strange = JSON.parse(localStorage.getItem(STRANGE) || "[]");
    if (strange.length) {
      const known = part("door-unknown").textContent.split("、").filter(Boolean);
      part("door-unknown").textContent = Array.from(new Set([...known, ...strange])).join("、");
      part("door-strange").hidden = false;
    }
    search();
  }

  function trouble(text, link) {
    const box = part("door-trouble");
    box.replaceChildren(text);
    if (link) box.append(" ", Object.assign(document.createElement("a"), { href: door.dataset.signIn, textContent: "去登录" }));
    box.hidden = !text;
  }

  function done(text, undo) {
    const box = part("door-done");
    box.replaceChildren(text);
    if (undo) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: "撤销" });
      button.addEventListener("click", () => { note(undo, "UNDONE"); box.hidden = true; });
      box.append(" ", button);
    }
    box.hidden = false;
  }

  const token = () => document.querySelector('meta[name="csrf-token"]').content;

  async function ask(address, options = {}) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 12_000);
    try {
      const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", signal: stop.signal, ...options });
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  const post = (notes) => ask(`/api/v1${here}-notes`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token() },
    body: JSON.stringify({ notes }),
  });

  /* Sent again and again until the server says it has them; it counts each once. */
  async function send() {
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    again = false;
    let sent = false;
    try {
      for (let queue = waiting(); queue.length; queue = waiting()) {
        const batch = queue.slice(0, 200);
        let answer = await post(batch);
        if (answer.status === 403 || answer.status === 401) {
          await renew();
          answer = await post(batch);
        }
        online = true;
        if (!answer.ok) {
          await refused(answer, queue.length);
          return;
        }
        learnClock(answer);
        taken(await answer.json());
        trouble("");
        sent = true;
      }
      if (sent) await renew();
    } catch {
      online = false;
    } finally {
      sending = false;
      show();
    }
    if (again && online) await send(); // noted while the page was being renewed
  }

  async function refused(answer, count) {
    if (answer.status === 401 || answer.status === 403) {
      trouble(`登录已过期或换了账号。${count} 条签到已存在这部手机里，重新登录后自动补传。`, true);
      return;
    }
    const said = await answer.json().catch(() => ({}));
    trouble(`${said.detail || "服务器没有收下"}（${count} 条签到仍存在这部手机里）`);
  }

  function taken(answer) {
    const strange = new Set(JSON.parse(localStorage.getItem(STRANGE) || "[]"));
    for (const one of answer.notes) {
      const kept = JSON.parse(localStorage.getItem(NOTE + one.id) || "null");
      const row = kept && rowOf(kept.badge);
      if (one.state === null && kept) strange.add(kept.badge);
      else if (row) row.dataset.state = one.state;
      localStorage.removeItem(NOTE + one.id);
    }
    if (strange.size) localStorage.setItem(STRANGE, JSON.stringify(Array.from(strange)));
  }

  /* The page anew: the token of a new session, what other phones have noted, and people added meanwhile. */
  async function renew() {
    const answer = await ask(here);
    if (!answer.ok) return answer;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const meta = fresh.querySelector('meta[name="csrf-token"]');
    if (meta) document.querySelector('meta[name="csrf-token"]').content = meta.content;
    for (const field of document.querySelectorAll('#door input[name="csrf_token"]')) field.value = token();
    const [now, then] = [fresh.getElementById("guests"), part("guests")];
    if (now && then && !then.contains(document.activeElement)) then.replaceWith(now);
    return answer;
  }

  async function refresh() {
    try {
      const answer = await renew();
      online = true;
      if (answer.status === 401 || answer.status === 403) trouble(`登录已过期，请重新登录；未同步的 ${waiting().length} 条签到都在这部手机里。`, true);
    } catch {
      online = false;
    }
    show();
  }

  /* Buttons and the typed code. */
  part("door-list").addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    const [kind, badge] = submitted.submitter.value.split(":");
    note(badge, kind);
    if (kind === "ARRIVED") greet(badge);
  });
  part("door-code").addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    const field = part("f-badge");
    if (!note(field.value, "ARRIVED")) return;
    trouble("");
    greet(read(field.value));
    field.value = "";
  });

  function greet(badge) {
    const row = rowOf(badge);
    const name = row ? row.querySelector("strong").textContent : "";
    const lines = row ? Array.from(row.querySelectorAll(".sub"), (line) => line.textContent) : [];
    done(row ? `已签到：${name}（${lines.join("，")}）` : `编号 ${badge} 不在这部手机的名单里，已记下，联网后核对。`, badge);
  }

  /* Search: every word has to be found in what a person is found by. */
  function search() {
    const words = part("door-search").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of rows()) {
      const fits = words.every((word) => row.dataset.find.includes(word));
      row.hidden = !fits;
      found += fits ? 1 : 0;
    }
    if (part("door-none")) part("door-none").hidden = found > 0;
  }
  part("door-search").addEventListener("input", search);
  part("door-search").addEventListener("keydown", (pressed) => {
    if (pressed.key !== "Enter") return;
    pressed.preventDefault();
    const fits = rows().filter((row) => !row.hidden);
    if (fits.length === 1) fits[0].querySelector(".guest-arrive").focus();
  });

  /* The camera. */
  let stream = null;
  let detector = null;
  const video = part("door-video");

  async function look() {
    const button = part("door-scan");
    if (stream) return stopLooking();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch {
      trouble("打不开摄像头，请允许使用摄像头，或输入胸牌编号。");
      return undefined;
    }
    part("door-camera").hidden = false;
    button.setAttribute("aria-expanded", "true");
    button.textContent = "关闭";
    video.srcObject = stream;
    await video.play();
    detector = await decoder();
    seek();
    return undefined;
  }

  function stopLooking() {
    stream.getTracks().forEach((track) => track.stop());
    stream = null;
    part("door-camera").hidden = true;
    part("door-scan").setAttribute("aria-expanded", "false");
    part("door-scan").textContent = "扫码";
  }

  async function decoder() {
    if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const own = new BarcodeDetector({ formats: ["qr_code"] });
      return async () => (await own.detect(video))[0]?.rawValue;
    }
    if (!window.jsQR) await loaded(door.dataset.scanner);
    const canvas = document.createElement("canvas");
    const drawn = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      if (!canvas.width) return undefined;
      drawn.drawImage(video, 0, 0);
      return window.jsQR(drawn.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height)?.data;
    };
  }

  const loaded = (source) => new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src: source, onload: resolve, onerror: reject }));
  });

  let lastSeen = "";
  async function seek() {
    if (!stream) return;
    const text = await detector().catch(() => undefined);
    if (text && text !== lastSeen) {
      lastSeen = text;
      setTimeout(() => { lastSeen = ""; }, 4000);
      seen(text);
    }
    setTimeout(seek, 150);
  }

  function seen(text) {
    const badge = read(text);
    if (!/^[A-Z0-9]{1,12}$/.test(badge)) {
      part("door-seen").textContent = "这不是姓名卡上的二维码";
      return;
    }
    const already = rowOf(badge)?.dataset.shown === "ARRIVED";
    if (!already) note(badge, "ARRIVED");
    greet(badge);
    part("door-seen").textContent = already ? "早已签到，不重复计数" : "已签到，请扫下一位";
    navigator.vibrate?.(80);
  }

  /* A card's code opened with the phone's own camera leads here with the badge after the #. */
  function named() {
    const badge = read(decodeURIComponent(location.hash));
    if (!location.hash || !rowOf(badge)) return;
    part("door-search").value = badge;
    search();
    rowOf(badge).scrollIntoView({ block: "center" });
  }

  async function watch() {
    if (!("serviceWorker" in navigator)) {
      part("door-foot").textContent = "当前网址不是 HTTPS，断网后请不要刷新或关闭本页；已记下的签到不会丢，网络恢复后自动补传。";
      return;
    }
    await navigator.serviceWorker.register("/door-worker.js", { scope: "/events/" });
    const ready = await navigator.serviceWorker.ready;
    const made = Array.from(document.querySelectorAll("link[href], script[src], img[src]"), (one) => one.href || one.src);
    navigator.serviceWorker.addEventListener("message", (said) => { if (said.data.kept) door.dataset.kept = "true"; });
    ready.active.postMessage({ keep: [here, new URL(door.dataset.scanner, location.href).pathname + new URL(door.dataset.scanner, location.href).search, ...made] });
  }

  part("door-scan").hidden = !navigator.mediaDevices;
  part("door-scan").addEventListener("click", look);
  addEventListener("hashchange", named);
  addEventListener("online", () => send().then(refresh));
  addEventListener("offline", () => { online = false; show(); });
  addEventListener("storage", show);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send().then(refresh); });
  setInterval(() => { if (waiting().length) send(); }, 10_000);
  setInterval(() => { if (!document.hidden) refresh(); }, 30_000);
  show();
  named();
  send().then(refresh);
  watch().catch(() => {});
})();
