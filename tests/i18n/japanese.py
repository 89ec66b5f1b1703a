"""What Japanese is held to: words that are not used, terms, signs, and the cells that a label may take."""

from __future__ import annotations

import re

# What is not said: another word for the same, a spelling that AWS's console does not use, a sign of another kind.
FORBIDDEN = {
    r"ユーザ(?!ー)": "ユーザー", r"サーバ(?!ー)": "サーバー", r"ワーカ(?!ー)": "ワーカー",
    r"コンピュータ(?!ー)": "コンピューター", r"プロバイダ(?!ー)": "プロバイダー",
    r"シミュレータ(?!ー)": "シミュレーター", r"エグゼキュータ(?!ー)": "エグゼキューター",
    r"スケジューラー": "スケジューラ", r"フォルダー": "フォルダ", r"ブラウザー": "ブラウザ",
    r"パラメーター": "パラメータ", r"プロキシー": "プロキシ", r"ディレクトリー": "ディレクトリ",
    r"イン[ター]+フェース": "インターフェイス", r"ウエブ|(?<![A-Za-z])[Ww]eb(?![A-Za-z])": "ウェブ",
    r"ウイザード": "ウィザード", r"(?<!そ)(?<!の)他の": "ほかの", r"すでに": "既に",
    r"および": "と", r"又は|或いは": "または", r"下さい": "ください", r"出来(?!事)": "できる", r"全て": "すべて",
    r"[のる]為": "ため", r"保存された(?=セッション)": "保存済み", r"ターミナル": "端末", r"文書": "ドキュメント",
    r"(?<!を)利用者(?!と|に|が)": "ユーザー", r"アイデンティティ": "IAM ID", r"資格情報": "認証情報",
    r"機密": "秘密の値", r"プリフライト|事前チェック": "事前確認", r"クリーンアップ": "後片付け",
    r"ターゲット": "移行先", r"一時停止解除(?!し)": "一時停止を解除", r"メタデータ ?DB": "メタデータデータベース",
    r"ポリシー(?: \{\w+\} )?を付け": "アタッチ", r"秘密なし": "秘密の値なし",
    r"[ｦ-ﾟ]": "full-width kana", r"[Ａ-Ｚａ-ｚ０-９（）：；！？／％＋＝，．]": "half-width letters and signs",
    r"引き渡": "切り替え", r"カスタマー管理": "カスタマーマネージド", r"既定": "デフォルト", r"省[くいかけ]": "除外",
    r"(?:AWS|Analyzer) に尋ね": "問い合わせ", r"(?<=[ぁ-ん])…": "a space before it",
    r"\.\.\.|・・・|。。": "…", r"[゛゜]": "one character",
}  # fmt: skip

# A word of AWS or of Airflow, and its one translation (or what else may stand for it, after a stroke).
GLOSSARY = {
    "execution roles?": "実行ロール", "environments?": "環境", "buckets?": "バケット",
    "metadata database": "メタデータデータベース", "task instances?": "タスクインスタンス", "connections?": "接続",
    "variables?": "変数", "pools?": "プール", "schedulers?": "スケジューラ", "workers?": "ワーカー",
    "web servers?": "ウェブサーバー|ウェブアクセス", "target": "移行先", "source": "移行元|ソースバケット",
    "paused": "一時停止|稼働|解除", "unpaused?": "一時停止|解除|稼働", "subnets?": "サブネット",
    "security groups?": "セキュリティグループ", "requirements": "要件", "plugins": "プラグイン",
    "startup script": "起動スクリプト", "journals?": "ジャーナル", "sessions?": "セッション",
    "regions?": "リージョン", "accounts?": "アカウント", "profiles?": "プロファイル", "credentials": "認証情報",
    "(?:trust|base|inline) polic(?:y|ies)": "ポリシー", "statements?": "ステートメント", "preflight": "事前確認",
    "settings?": "設定", "versions?": "バージョン", "downgrade": "ダウングレード", "history": "履歴",
    "log groups?": "ロググループ", "task logs?": "タスクログ|タスクのログ", "bundle": "バンドル", "dry runs?": "予行",
    "quotas?": "クォータ", "folders?": "フォルダ", "terminal": "端末", "secrets backend": "シークレットバックエンド",
    "defaults?": "デフォルト", "import": "インポート", "exports?": "エクスポート", "exported": "エクスポート",
    "imported": "インポート", "batch(?:es)?": "バッチ", "sandbox": "サンドボックス", "answers file": "回答ファイル",
    "support bundle": "サポートバンドル", "passwords?": "パスワード", "tables?": "テーブル|表", "columns?": "列",
    "rows?": "行", "attach(?:es|ing)?": "アタッチ|追跡", "document": "ドキュメント", "tags?": "タグ",
    "resume": "再開", "identity": "IAM ID|ID ストア", "simulator": "シミュレーター", "DAG folder": "DAG フォルダ",
}  # fmt: skip
# Names, options, commands, elements of policies and what is filled in: they stay as they are.
LITERAL = re.compile(
    r"IAM Identity Center|Service Quotas|`[^`]*`|\bmwaa-wizard(?: [a-z]+)*(?: \{id\})?|\{[^}]*\}|--keep [\w,]+|"
    r"[\w*]*[-_./:=\[]\w\S*|\b[A-Z]{2,}\b|\b[A-Z][a-z]+[A-Z]\w*|\bPublic\b|\bCondition\b|\bVersion must\b"
)
# Said in another way, and rightly: as English is written, or because the word means something else there.
OTHERWISE = {
    "Print the exports that point boto3 and the AWS CLI at the sandbox.",
    "Run `mwaa-wizard sandbox down --wipe`, then `sandbox up` again.",
    "In the account of this profile (sandbox account adds one).",
    "What must be kept, with commas: history, logs, name, url.",
}

JAPANESE = r"[぀-ヿ一-鿿々〆ー]"
# Where a name of ours is filled in that is Japanese itself: no space goes round it.
TOUCHING = re.compile(r"\{(?:side|what|kinds|kind|tables|label|regions|time|unit|names|more|took)\}")
PLAIN = re.compile(r"(?:[るただくむぶぐぬうす]|ない|よい)(?<!ます)(?<!です)(?<!ました)(?<!でした)(?<!でしょう)。")

# msgid -> cells of the column it stands in: rail, rail's words, run page, board, review, route, failure, clean-up,
# summary, settings. A longer word would be cut with an ellipsis.
COLUMNS = {
    10: ("Connect", "Source", "Route", "Target", "Settings", "Entries", "Tables", "Logs", "Policies", "Preflight",
         "Review", "Run", "Summary", "Cut over", "Clean up"),
    8: ("here", "done", "to do", "blocked", "to mend", "stale", "left out", "checking", "running", "proving", "present",
        "failed", "stopped", "undone", "before", "source", "target", "paused", "unpaused", "What", "Where", "AWS said",
        "Changed", "Mend", "needed", "edited", "Existing"),
    7: ("keeps", "partly", "loses", "Time", "Cost", "Overlap"),
    6: ("pass", "warn", "fail", "batch"),
    5: ("from", "to", "by", "runs", "none"),
    9: ("Days",),
    12: ("stays paused", "runs nowhere", "runs on BOTH", "not in target", "only in target", "Profile", "Region",
         "Identity", "Name", "Version", "Which", "To start"),
    17: ("Paused DAGs", "DAG files", "Key variable", "Inline policy", "Migration bucket"),
    18: ("Read source", "Preflight", "Migration bucket", "Execution role", "DAGs and requirements", "Create target",
         "Source policy", "Target policy", "Inventory", "Key", "Export", "Import", "Task logs", "Verify", "Cut over",
         "Clean up", "Variables and pools", "Connections", "Secrets policy", "Count before", "Pause DAGs",
         "Upgrade in place", "Unpause DAGs", "Verify upgrade", "Clear before upgrade"),
    20: ("Airflow version", "Class", "Min workers", "Max workers", "Schedulers", "Min web servers", "Max web servers",
         "Web server access", "Execution role", "Source bucket", "DAG folder", "Requirements", "Plugins",
         "Startup script", "KMS key", "Subnets", "Security groups", "DAG processing logs", "Scheduler logs",
         "Task logs", "Web server logs", "Worker logs", "Maintenance window", "Endpoint management"),
}  # fmt: skip
