BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0008');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	done_at VARCHAR(32) NOT NULL, 
	actor VARCHAR(40) NOT NULL, 
	act VARCHAR(40) NOT NULL, 
	subject TEXT NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-01-02T03:04:05+00:00','7','add','ben-tre');
CREATE TABLE conversations (
	chat BIGINT NOT NULL, 
	user_id VARCHAR(40) NOT NULL, 
	turn BIGINT NOT NULL, 
	question TEXT NOT NULL, 
	asked_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_conversations PRIMARY KEY (chat, user_id, turn)
);
INSERT INTO "conversations" VALUES(7,'7',10,'Bến Tre?','2026-01-02T03:04:05+00:00');
CREATE TABLE documents (
	id VARCHAR(100) NOT NULL, 
	file VARCHAR(255) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	text TEXT NOT NULL, 
	title TEXT NOT NULL, 
	province TEXT, 
	period TEXT, 
	issuer TEXT, 
	date VARCHAR(10), 
	url TEXT, 
	added_at VARCHAR(32) NOT NULL, origins TEXT DEFAULT '[]' NOT NULL, recipe VARCHAR(64) DEFAULT '' NOT NULL, stamp VARCHAR(64) DEFAULT '' NOT NULL, site VARCHAR(255), 
	CONSTRAINT pk_documents PRIMARY KEY (id), 
	CONSTRAINT uq_documents_file UNIQUE (file), 
	CONSTRAINT uq_documents_sha256 UNIQUE (sha256), 
	CONSTRAINT fk_documents_sha256 FOREIGN KEY(sha256) REFERENCES originals (sha256)
);
INSERT INTO "documents" VALUES('ben-tre','ben-tre.txt','7681c27568d4f11873644518b031335b46c12692d585455ba075e7162c2891f5','Báo cáo của Sở Thông tin và Truyền thông tỉnh Bến Tre năm 2018.
Toàn tỉnh có 77 điểm phục vụ bưu chính.
','Báo cáo của Sở Thông tin và Truyền thông tỉnh Bến Tre năm 2018.','Bến Tre','2018','Sở Thông tin và Truyền thông Bến Tre',NULL,NULL,'2026-01-02T03:04:05+00:00','[]','','',NULL);
CREATE TABLE feedback (
	id INTEGER NOT NULL, 
	given_at VARCHAR(32) NOT NULL, 
	user_id VARCHAR(40) NOT NULL, 
	question TEXT NOT NULL, 
	answer TEXT, 
	verdict VARCHAR(20) NOT NULL, 
	CONSTRAINT pk_feedback PRIMARY KEY (id)
);
INSERT INTO "feedback" VALUES(1,'2026-01-02T03:04:05+00:00','7','Bến Tre?',NULL,'wrong');
CREATE TABLE generations (
	id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	made_at VARCHAR(32) NOT NULL, 
	documents INTEGER NOT NULL, 
	passages INTEGER NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_generations PRIMARY KEY (id)
);
INSERT INTO "generations" VALUES(1,1,'2026-01-02T03:04:05+00:00',1,2,'7681c27568d4f11873644518b031335b46c12692d585455ba075e7162c2891f5');
CREATE TABLE inbox (
	update_id BIGINT NOT NULL, 
	body TEXT NOT NULL, 
	arrived_at VARCHAR(32) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	tries INTEGER NOT NULL, 
	error TEXT, 
	CONSTRAINT pk_inbox PRIMARY KEY (update_id)
);
INSERT INTO "inbox" VALUES(1,'x','x','x',1,NULL);
CREATE TABLE originals (
	sha256 VARCHAR(64) NOT NULL, 
	data BLOB NOT NULL, 
	added_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_originals PRIMARY KEY (sha256)
);
INSERT INTO "originals" VALUES('7681c27568d4f11873644518b031335b46c12692d585455ba075e7162c2891f5',X'42C3A16F2063C3A16F2063E1BBA7612053E1BB9F205468C3B46E672074696E2076C3A02054727579E1BB816E207468C3B46E672074E1BB896E682042E1BABF6E20547265206EC4836D20323031382E0A546FC3A06E2074E1BB896E682063C3B320373720C49169E1BB836D207068E1BBA5632076E1BBA52062C6B075206368C3AD6E682E0A','2026-01-02T03:04:05+00:00');
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	update_id BIGINT, 
	chat BIGINT NOT NULL, 
	"key" VARCHAR(80), 
	body TEXT NOT NULL, 
	data BLOB, 
	made_at VARCHAR(32) NOT NULL, 
	due_at VARCHAR(32) NOT NULL, 
	tries INTEGER NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	message_id BIGINT, 
	CONSTRAINT pk_outbox PRIMARY KEY (id)
);
INSERT INTO "outbox" VALUES(1,NULL,1,NULL,'x',NULL,'x','x',1,'x',NULL);
CREATE TABLE passages (
	document_id VARCHAR(100) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	paragraph INTEGER NOT NULL, 
	text TEXT NOT NULL, page INTEGER, heading TEXT, "row" INTEGER, repeated BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_passages PRIMARY KEY (document_id, ordinal), 
	CONSTRAINT fk_passages_document_id FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE
);
INSERT INTO "passages" VALUES('ben-tre',0,0,63,0,'Báo cáo của Sở Thông tin và Truyền thông tỉnh Bến Tre năm 2018.',NULL,NULL,NULL,0);
INSERT INTO "passages" VALUES('ben-tre',1,64,103,1,'Toàn tỉnh có 77 điểm phục vụ bưu chính.',NULL,NULL,NULL,0);
CREATE TABLE people (
	user_id VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	until VARCHAR(32), 
	changed_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (user_id)
);
INSERT INTO "people" VALUES('7','An','allowed',NULL,'2026-01-02T03:04:05+00:00');
CREATE TABLE questions (
	id INTEGER NOT NULL, 
	asked_at VARCHAR(32) NOT NULL, 
	channel VARCHAR(20) NOT NULL, 
	user_id VARCHAR(40), 
	question TEXT NOT NULL, 
	answer TEXT, 
	reason TEXT, 
	confidence FLOAT NOT NULL, 
	document_id VARCHAR(100), 
	start INTEGER, 
	"end" INTEGER, 
	CONSTRAINT pk_questions PRIMARY KEY (id)
);
INSERT INTO "questions" VALUES(1,'2026-01-02T03:04:05+00:00','cli',NULL,'Bến Tre có bao nhiêu điểm phục vụ bưu chính?','77 điểm',NULL,0.9,'ben-tre',0,9);
CREATE TABLE screens (
	id VARCHAR(16) NOT NULL, 
	user_id VARCHAR(40) NOT NULL, 
	chat_id VARCHAR(40) NOT NULL, 
	question TEXT NOT NULL, 
	made_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_screens PRIMARY KEY (id)
);
INSERT INTO "screens" VALUES('a1','7','7','Bến Tre?','2026-01-02T03:04:05+00:00');
CREATE TABLE versions (
	id INTEGER NOT NULL, 
	document_id VARCHAR(100) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	report TEXT NOT NULL, 
	replaced_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_versions PRIMARY KEY (id), 
	CONSTRAINT fk_versions_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id), 
	CONSTRAINT fk_versions_sha256_originals FOREIGN KEY(sha256) REFERENCES originals (sha256)
);
INSERT INTO "versions" VALUES(1,'ben-tre','7681c27568d4f11873644518b031335b46c12692d585455ba075e7162c2891f5','{"file": "ben-tre.txt", "text": "x", "facts": {"title": "B\u00e1o c\u00e1o c\u1ee7a S\u1edf Th\u00f4ng tin v\u00e0 Truy\u1ec1n th\u00f4ng t\u1ec9nh B\u1ebfn Tre n\u0103m 2018.", "province": "B\u1ebfn Tre", "period": "2018", "issuer": "S\u1edf Th\u00f4ng tin v\u00e0 Truy\u1ec1n th\u00f4ng B\u1ebfn Tre"}, "origins": [], "passages": [], "recipe": ""}','2026-01-02T03:04:05+00:00');
CREATE INDEX ix_versions_document_id ON versions (document_id);
CREATE INDEX ix_documents_site ON documents (site);
CREATE INDEX ix_passages_text ON passages (text) WHERE length(text) <= 120;
CREATE INDEX ix_inbox_state ON inbox (state);
CREATE INDEX ix_outbox_state ON outbox (state);
CREATE INDEX ix_outbox_chat ON outbox (chat, "key");
COMMIT;
