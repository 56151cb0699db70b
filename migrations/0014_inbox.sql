CREATE TABLE `inbox_messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`thread_id` integer NOT NULL,
	`direction` text NOT NULL,
	`message_body` text NOT NULL,
	`message_sid` text,
	`automation` text DEFAULT '' NOT NULL,
	`automation_id` integer,
	`keyword` text DEFAULT '' NOT NULL,
	`status` text DEFAULT '' NOT NULL,
	`error_code` integer,
	`error` text DEFAULT '' NOT NULL,
	`payload` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`thread_id`) REFERENCES `inbox_threads`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_messages_sid` ON `inbox_messages` (`message_sid`) WHERE message_sid IS NOT NULL;--> statement-breakpoint
CREATE INDEX `inbox_messages_thread` ON `inbox_messages` (`thread_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `inbox_threads` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`phone` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`unread` integer DEFAULT 0 NOT NULL,
	`preview` text DEFAULT '' NOT NULL,
	`last_direction` text,
	`last_message_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_threads_phone` ON `inbox_threads` (`phone`);--> statement-breakpoint
CREATE INDEX `inbox_threads_last` ON `inbox_threads` (`last_message_at`);--> statement-breakpoint
CREATE TABLE `keyword_rules` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`keyword` text NOT NULL,
	`response` text NOT NULL,
	`active` integer NOT NULL,
	`matches` integer DEFAULT 0 NOT NULL,
	`last_matched_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keyword_rules_keyword` ON `keyword_rules` (`keyword`);--> statement-breakpoint
CREATE TABLE `legacy_rows` (
	`origin` text NOT NULL,
	`source` text NOT NULL,
	`source_id` integer NOT NULL,
	`row_id` integer NOT NULL,
	PRIMARY KEY(`origin`, `source`, `source_id`)
);
--> statement-breakpoint
CREATE TABLE `survey_questions` (
	`survey_id` integer NOT NULL,
	`position` integer NOT NULL,
	`question` text NOT NULL,
	PRIMARY KEY(`survey_id`, `position`),
	FOREIGN KEY (`survey_id`) REFERENCES `surveys`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `survey_responses` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`session_id` integer NOT NULL,
	`position` integer NOT NULL,
	`question` text NOT NULL,
	`answer` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `survey_sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `survey_responses_session` ON `survey_responses` (`session_id`,`position`);--> statement-breakpoint
CREATE TABLE `survey_sessions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`survey_id` integer NOT NULL,
	`phone` text NOT NULL,
	`status` text NOT NULL,
	`position` integer NOT NULL,
	`started_at` integer NOT NULL,
	`last_activity_at` integer NOT NULL,
	`completed_at` integer,
	FOREIGN KEY (`survey_id`) REFERENCES `surveys`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `survey_sessions_phone` ON `survey_sessions` (`phone`,`status`);--> statement-breakpoint
CREATE INDEX `survey_sessions_survey` ON `survey_sessions` (`survey_id`);--> statement-breakpoint
CREATE TABLE `surveys` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`keyword` text NOT NULL,
	`intro` text DEFAULT '' NOT NULL,
	`completion` text DEFAULT '' NOT NULL,
	`event_id` integer,
	`active` integer NOT NULL,
	`starts` integer DEFAULT 0 NOT NULL,
	`completions` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `surveys_name` ON `surveys` (`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `surveys_keyword` ON `surveys` (`keyword`);