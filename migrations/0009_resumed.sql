ALTER TABLE `message_logs` ADD `resumed_at` integer;--> statement-breakpoint
ALTER TABLE `message_logs` ADD `resumed_handled` integer;