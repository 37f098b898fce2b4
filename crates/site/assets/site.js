// Search, closing the menu, and moving about in pictures. Everything else works without this file.
(() => {
    const groups = document.querySelectorAll("nav details");
    const close = (event) => { for (const group of groups) if (event.key || !group.contains(event.target)) group.open = false; };
    document.addEventListener("click", close);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(event); });

    const root = document.body.dataset.root;
    const box = document.querySelector(".search");
    const input = document.getElementById("search");
    const results = document.getElementById("results");
    if (box && window.gromaIndex) {
        box.hidden = false;
        const find = () => {
            results.replaceChildren();
            const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
            if (words.length === 0) return;
            const score = ([title, rest]) => {
                const name = title.toLowerCase(), all = name + " " + rest.toLowerCase();
                if (!words.every((word) => all.includes(word))) return 0;
                return 1 + words.filter((word) => name.includes(word)).length + (name.startsWith(words[0]) ? 2 : 0);
            };
            const found = window.gromaIndex.map((row) => [score(row), row]).filter(([points]) => points > 0);
            found.sort((a, b) => b[0] - a[0]);
            for (const [, [title, rest, address]] of found.slice(0, 20)) {
                const link = document.createElement("a");
                link.href = root + address;
                link.textContent = title;
                const small = document.createElement("small");
                small.textContent = rest;
                link.append(small);
                const item = document.createElement("li");
                item.setAttribute("role", "option");
                item.append(link);
                results.append(item);
            }
        };
        input.addEventListener("input", find);
        input.addEventListener("keydown", (event) => {
            if (event.key === "Escape") { input.value = ""; find(); input.blur(); }
            if (event.key === "Enter") results.querySelector("a")?.click();
        });
        document.addEventListener("keydown", (event) => {
            if (event.key === "/" && document.activeElement !== input) { event.preventDefault(); input.focus(); }
        });
    }

    for (const stage of document.querySelectorAll(".canvas")) {
        const svg = stage.querySelector("svg");
        if (!svg) continue;
        const full = svg.viewBox.baseVal;
        const home = [full.x, full.y, full.width, full.height];
        let view = [...home];
        stage.classList.add("live");
        // A flat picture does not stand in a tall empty frame.
        const room = Math.min(0.78 * innerHeight, Math.max(stage.clientWidth, 300) * home[3] / home[2]);
        stage.style.height = `${Math.ceil(room)}px`;
        const show = () => svg.setAttribute("viewBox", view.join(" "));
        const zoom = (factor, x, y) => {
            const size = Math.min(Math.max(view[2] * factor, home[2] / 20), home[2] * 3);
            const used = size / view[2];
            view = [x - (x - view[0]) * used, y - (y - view[1]) * used, size, view[3] * used];
            show();
        };
        const place = (event) => {
            const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
            return [point.x, point.y];
        };
        stage.addEventListener("wheel", (event) => {
            event.preventDefault();
            zoom(Math.exp(event.deltaY * 0.0015), ...place(event));
        }, { passive: false });
        let from = null, moved = false;
        stage.addEventListener("pointerdown", (event) => { from = place(event); moved = false; });
        stage.addEventListener("pointermove", (event) => {
            if (!from) return;
            const [x, y] = place(event);
            if (Math.abs(x - from[0]) + Math.abs(y - from[1]) > 3) moved = true;
            view[0] -= x - from[0];
            view[1] -= y - from[1];
            show();
        });
        for (const end of ["pointerup", "pointerleave"]) stage.addEventListener(end, () => { from = null; });
        stage.addEventListener("click", (event) => { if (moved) event.preventDefault(); }, true);
        stage.addEventListener("dragstart", (event) => event.preventDefault());
        stage.addEventListener("keydown", (event) => {
            const middle = [view[0] + view[2] / 2, view[1] + view[3] / 2];
            const step = view[2] / 12;
            if (event.key === "+") zoom(0.8, ...middle);
            else if (event.key === "-") zoom(1.25, ...middle);
            else if (event.key === "0") { view = [...home]; show(); }
            else if (event.key === "ArrowLeft") { view[0] -= step; show(); }
            else if (event.key === "ArrowRight") { view[0] += step; show(); }
            else if (event.key === "ArrowUp") { view[1] -= step; show(); }
            else if (event.key === "ArrowDown") { view[1] += step; show(); }
            else return;
            event.preventDefault();
        });
    }
})();
