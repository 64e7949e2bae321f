-- Defects of rows, planted in the small clean world as they arise: with foreign keys and triggers asleep.
SET session_replication_role = replica;

-- the third task waits for the first two; now the first waits for the third
INSERT INTO task_dependencies
VALUES ('0000000b-0000-4000-8000-000000000001', '0000000b-0000-4000-8000-000000000003');

-- tasks of a goal that was deleted
UPDATE tasks SET goal_id = 'ffffffff-0000-4000-8000-ffffffffffff'
WHERE id IN ('0000000b-0000-4000-8000-000000000001', '0000000b-0000-4000-8000-000000000002');

-- two names that are one to a reader's eye
UPDATE agents SET name = 'Planner ' WHERE name = 'builder';

-- approved with one vote of two
UPDATE approval_requests
SET status = 'approved', required_approvals = 2, approvals =
    '[{"user_id": "00000002-0000-4000-8000-000000000001", "decision": "approved",
       "decided_at": "2026-01-20T10:00:00Z"}]'
WHERE id = (SELECT max(id::text)::uuid FROM approval_requests);

RESET session_replication_role;
