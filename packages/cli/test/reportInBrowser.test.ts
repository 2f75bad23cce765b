// The report seen in Chromium: hostile names show and run nothing, no width overflows, the keyboard reaches all.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { describe, expect, it } from "vitest";
import { hostile, pages } from "./reportPages.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (executablePath === undefined) {
  if (process.env.CI) throw new Error("Chromium is missing; install the Debian package chromium");
  console.log("not run: the report in Chromium, which is missing (Debian package chromium)");
}

describe.skipIf(executablePath === undefined)("in Chromium", () => {
  it("shows hostile names as text and runs nothing, in light, dark, print and on a telephone, without overflow", async () => {
    const browser = await chromium.launch({
      executablePath: executablePath as string,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
    try {
      const context = await browser.newContext({ bypassCSP: true, offline: true });
      const tab = await context.newPage();
      const seen: string[] = [];
      tab.on("dialog", (dialog) => {
        seen.push(`dialog ${dialog.message()}`);
        void dialog.dismiss();
      });
      tab.on("pageerror", (error) => seen.push(error.message));
      tab.on("console", (message) => seen.push(message.text()));
      tab.on("request", (request) => seen.push(request.url()));
      for (const { name, page } of pages) {
        await tab.setViewportSize({ width: 1060, height: 800 });
        await tab.emulateMedia({ colorScheme: "light", media: "screen" });
        await tab.setContent(page);
        if (name.startsWith("hostile")) {
          const where = await tab.evaluate(
            (text) => ({
              scripts: document.querySelectorAll("script, img").length,
              cells: [...document.querySelectorAll("th")].filter((each) => each.textContent === text).length,
              drawn: [...document.querySelectorAll("svg text")].some((each) =>
                each.textContent?.startsWith("<script>alert"),
              ),
            }),
            hostile,
          );
          expect(where.scripts, name).toBe(0);
          expect(where.cells, name).toBeGreaterThan(0);
          expect(where.drawn, name).toBe(true);
        }
        const papers = new Set<string>();
        for (const [width, colorScheme, media] of [
          [1060, "light", "screen"],
          [1060, "dark", "screen"],
          [390, "light", "screen"],
          [700, "dark", "print"],
        ] as const) {
          await tab.setViewportSize({ width, height: 800 });
          await tab.emulateMedia({ colorScheme, media });
          const state = await tab.evaluate(() => ({
            overflow: document.documentElement.scrollWidth - window.innerWidth,
            paper: getComputedStyle(document.documentElement).backgroundColor,
            charts: [...document.querySelectorAll("main > section > figure svg")].filter(
              (svg) => svg.getBoundingClientRect().width > 0,
            ).length,
          }));
          if (media === "screen") expect(state.overflow, `${name} at ${width}`).toBeLessThanOrEqual(0);
          expect(state.charts, name).toBeGreaterThan(0);
          papers.add(state.paper);
        }
        expect(papers.size).toBe(2);
      }
      expect(seen).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  it("is reached by keyboard: first the skip link, then the contents", async () => {
    const browser = await chromium.launch({
      executablePath: executablePath as string,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
    try {
      const tab = await browser.newPage();
      await tab.setContent(pages[0].page);
      const focused = () => tab.evaluate(() => document.activeElement?.textContent ?? "");
      await tab.keyboard.press("Tab");
      expect(await focused()).toBe("Skip to the table of losses");
      await tab.keyboard.press("Tab");
      expect(await focused()).toBe("Losses");
    } finally {
      await browser.close();
    }
  });
});
