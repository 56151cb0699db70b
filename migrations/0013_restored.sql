ALTER TABLE `message_logs` ADD `restored_from_at` integer;--> statement-breakpoint
ALTER TABLE `message_logs` ADD `restored_at` integer;