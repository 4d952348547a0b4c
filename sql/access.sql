-- What only access.db is asked.

-- name: access_readings
SELECT e.recorded_at, c.actor, c.role FROM entry AS e JOIN context AS c ON c.id = e.context
WHERE e.record = ?1 AND e.record > 0 AND e.verb = 'show' ORDER BY e.seq;
