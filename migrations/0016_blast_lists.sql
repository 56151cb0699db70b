CREATE INDEX `message_logs_status` ON `message_logs` (`status`,`created_at`);--> statement-breakpoint
CREATE INDEX `message_logs_sender` ON `message_logs` (`sender`);