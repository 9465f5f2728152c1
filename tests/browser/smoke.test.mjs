import { assertAccessible, assertNoSidewaysScroll, pageTest } from "./harness.mjs";

pageTest("the page loads the simulator", {}, async (page) => {
  await page.getByText(/version \d/).waitFor();
  await assertAccessible(page);
});

pageTest("a phone shows the page", { viewport: { width: 360, height: 640 }, colorScheme: "dark" }, async (page) => {
  await page.getByText(/version \d/).waitFor();
  await assertNoSidewaysScroll(page);
});
