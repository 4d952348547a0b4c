-- What only access.db is asked.

-- name: access_readings
SELECT e.recorded_at, c.actor, c.role FROM entry AS e JOIN context AS c ON c.id = e.context
WHERE e.record = ?1 AND e.record > 0 AND e.verb = 'show' ORDER BY e.seq;

-- name: access_consulted
SELECT e.recorded_at, e.verb, e.record, c.actor, c.role, c.unit FROM entry AS e /* scan */ JOIN context AS c ON c.id = e.context
WHERE e.record > 0 AND e.recorded_at >= ?1 AND e.recorded_at < ?2 AND (?3 = '' OR c.actor = ?3)
    AND (?4 = 0 OR e.record = ?4) ORDER BY e.seq DESC LIMIT ?5;
