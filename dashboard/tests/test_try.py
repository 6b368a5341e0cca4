import urllib.request
from playwright.sync_api import sync_playwright

def test_try(dashboard, tmp_path):
    print(urllib.request.urlopen(dashboard + "/healthz").read())
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox","--disable-gpu","--disable-quic","--no-first-run","--disable-background-networking","--disable-component-update","--disable-sync"])
        pg = b.new_page(viewport={"width":1440,"height":900}, locale="ja-JP")
        pg.on("console", lambda m: print("console", m.type, m.text[:500]))
        pg.on("pageerror", lambda m: print("pageerror", str(m)[:500]))
        pg.on("requestfailed", lambda r: print("failed", r.url))
        pg.on("response", lambda r: print(r.status, r.url[:120]) if r.status>=400 else None)
        pg.goto(dashboard + "/")
        pg.wait_for_timeout(6000)
        pg.screenshot(path="/tmp/shot1440.png", full_page=True)
        pg.set_viewport_size({"width":768,"height":1024})
        pg.wait_for_timeout(1500)
        pg.screenshot(path="/tmp/shot768.png", full_page=True)
        from axe_playwright_python.sync_playwright import Axe
        r = Axe().run(pg)
        print(r.violations_count, r.generate_report()[:3000])
        b.close()
