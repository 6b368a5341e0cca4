-- Presses that no gateway decides are decided here; which button a decision was about is asked again and again.
CREATE INDEX ON shigotoba.gateway_decision (site_id, (said ->> 'device'), at);
