// Calls that cannot work, each with all that it says: the files are in badTables.ts, ./ is the folder that holds them.
// It is one list, so that whoever adds a message sees its neighbours: that makes it longer than other files.

/** What is wrong, the command line, and the message. */
export const badCalls: readonly (readonly [wrong: string, call: string, message: string])[] = [
  ["no table and no target", "compare", "missing required argument 'table'\nsee surprisal compare --help"],
  [
    "an unknown command",
    "compre ./good.csv answer",
    "unknown command 'compre'\n(Did you mean compare?)\nsee surprisal --help",
  ],
  ["no command", "./good.csv answer", "unknown command './good.csv'\nsee surprisal --help"],
  ["an unknown flag", "compare ./good.csv answer --gama 2", "unknown option '--gama'\nsee surprisal compare --help"],
  [
    "a flag of fit in compare",
    "compare ./good.csv answer --gamma 2",
    "unknown option '--gamma'\nsee surprisal compare --help",
  ],
  [
    "a flag of compare in fit",
    "fit ./good.csv answer --losses ce",
    "unknown option '--losses'\n(Did you mean --loss?)\nsee surprisal fit --help",
  ],
  [
    "no such file",
    "compare ./none.csv answer",
    "./none.csv: there is no such file; check the path (a table is read from CSV, TSV, Parquet, JSON or JSONL, also .csv.gz)",
  ],
  [
    "a folder in place of a table",
    "compare ./folder answer",
    "./folder: this is a directory, a table is one file; name the file inside it",
  ],
  [
    "bytes that are no text",
    "compare ./noise.csv answer",
    "./noise.csv: this is not a table (binary content); expected CSV, TSV, Parquet, JSON or JSONL, also compressed with gzip",
  ],
  [
    "a workbook",
    "compare ./book.xlsx answer",
    "./book.xlsx: this is a zip archive or an Excel workbook; save the sheet as CSV (UTF-8), or unpack the archive, and name that file",
  ],
  [
    "an empty file",
    "compare ./empty.csv answer",
    "./empty.csv: the file is empty; a table needs a line of column names and rows below it",
  ],
  [
    "blank lines only",
    "compare ./blank.csv answer",
    "./blank.csv: the file is empty; a table needs a line of column names and rows below it",
  ],
  [
    "column names without rows",
    "compare ./header.csv answer",
    "./header.csv: column names but no rows; a comparison needs rows, export the table again with its data",
  ],
  [
    "Latin-1",
    "compare ./latin.csv answer",
    "./latin.csv: line 2 is not valid UTF-8; say what it is, most often --encoding windows-1252, or convert the file, for instance: iconv -f windows-1252 -t utf-8 OLD > NEW",
  ],
  [
    "UTF-16",
    "compare ./utf16.csv answer",
    "./utf16.csv: the text seems to be UTF-16 without a mark, expected UTF-8; say so with --encoding utf-16le",
  ],
  [
    "a row that is too short",
    "compare ./ragged.csv answer",
    "./ragged.csv: line 6 has 2 values, the first line has 3; correct that line, or put quotes around a value that holds the delimiter",
  ],
  [
    "a quote that is never closed",
    "compare ./quote.csv answer",
    './quote.csv: line 6 has a quote that is not closed where it should be; close it, and write a quote inside a quoted value twice ("")',
  ],
  [
    "two columns of one name",
    "compare ./twins.csv answer",
    './twins.csv: columns 1 and 2 are both named "a", names must differ; rename one of them',
  ],
  [
    "an infinite number",
    "compare ./infinite.csv answer",
    './infinite.csv: column "a" is infinite in row 5, a feature must be a finite number; write a number or leave the cell empty (then it is missing, as every infinity is with --missing a=inf,-inf), or leave the column out with --drop a',
  ],
  [
    "100,000 columns",
    "compare ./wide.csv answer",
    "./wide.csv: 100,000 columns, at most 5,000 are read; keep the columns that matter, or write the table with fewer (for counts of words or genes: select or project them first)",
  ],
  [
    "JSON that ends early",
    "compare ./broken.json answer",
    "./broken.json: this is not valid JSON (line 1, letter 33: expected a value); expected a list of objects, or one object on each line",
  ],
  [
    "JSON without rows",
    "compare ./numbers.json answer",
    './numbers.json: the JSON holds no rows; expected a list of objects such as [{"age": 31, "churn": "no"}], or one object on each line',
  ],
  [
    "gzip that is cut off",
    "compare ./cut.csv.gz answer",
    "./cut.csv.gz: the table cannot be read (damaged gzip data); expected CSV, TSV, Parquet, JSON or JSONL, also compressed with gzip: export it again",
  ],
  [
    "Parquet that is cut off",
    "compare ./cut.parquet answer",
    "./cut.parquet: the table cannot be read (too small to be a Parquet file); expected CSV, TSV, Parquet, JSON or JSONL, also compressed with gzip: export it again",
  ],
  ["no target", "compare ./good.csv", "target: no column was named; name the column that holds the classes"],
  [
    "a target that is not there",
    "compare ./good.csv answr",
    'target: the table has no column "answr"; did you mean "answer"?',
  ],
  [
    "a target unlike any column",
    "compare ./good.csv outcome_of_it_all",
    'target: the table has no column "outcome_of_it_all"; it has "a", "b", "answer"',
  ],
  [
    "a target named twice",
    "compare ./good.csv answer answer",
    'target: "answer" is named twice; name each target column once',
  ],
  [
    "a target named as such and as a label",
    "compare ./good.csv answer --labels answer",
    'target: "answer" is named twice; name each target column once',
  ],
  [
    "one class only",
    "compare ./one.csv answer",
    'target: "answer" is "no" in all 60 rows, expected at least two classes; add rows of another class or name another target',
  ],
  [
    "a class with one row",
    "compare ./lonely.csv answer",
    'target: "answer" has a single row of class "maybe", a class needs at least 2; merge it with another class in the table, or leave it out with --drop-classes maybe',
  ],
  [
    "two rows",
    "compare ./two.csv answer",
    'target: "answer" has a single row of each of the classes "no", "yes", a class needs at least 2; add rows',
  ],
  [
    "a quantity as the target",
    "compare ./quantity.csv answer",
    'target: "answer" holds numbers (60 different values), expected classes; this tool does not predict quantities: write the question as classes, for instance a column that says whether "answer" is above a limit',
  ],
  [
    "names as the target",
    "compare ./names.csv answer",
    'target: "answer" has 120 different values, at most 100 classes are compared; merge rare classes, keep the frequent ones, or check that this is the target and not a name or a text',
  ],
  [
    "a target that most rows lack",
    "compare ./gaps.csv answer",
    'target: "answer" is missing in 40 of 60 rows, more than half; check the column, or go on with the others by --allow-missing-target',
  ],
  [
    "a target that all rows lack",
    "compare ./unlabelled.csv answer",
    'target: "answer" is missing in every row; expected a class in each, name another column',
  ],
  [
    "--positive that is no class",
    "compare ./good.csv answer --positive yess",
    '--positive: "yess" is no class of "answer", which has "no", "yes"; did you mean "yes"?',
  ],
  [
    "--positive among three classes",
    "compare ./good.csv b --positive red",
    '--positive: "b" has 3 classes, a positive class exists only where there are two; leave the flag out',
  ],
  [
    "--drop-classes that is no class",
    "compare ./good.csv answer --drop-classes perhaps",
    '--drop-classes: "perhaps" is no class of "answer", which has "no", "yes"',
  ],
  [
    "--drop-classes that leaves one",
    "compare ./good.csv answer --drop-classes yes",
    'target: --drop-classes leaves fewer than two classes of "answer"; keep at least two',
  ],
  [
    "--labels with a column of three values",
    "compare ./labels.csv --labels x,three",
    'target: with several targets each must be 0/1, true/false or yes/no, but "three" has "0", "1", "2"; write it as 0/1, say which value means present with --positive, or name one target only',
  ],
  [
    "--labels with a constant",
    "compare ./labels.csv --labels x,all",
    'target: label "all" is "1" in every row, expected both values; leave this label out',
  ],
  [
    "--labels with a value in one row",
    "compare ./labels.csv --labels x,one",
    'target: label "one" is "1" in one row only, expected at least 2; leave this label out or add rows',
  ],
  [
    "--labels without a name",
    "compare ./labels.csv --labels ,",
    "option '--labels <names>' argument ',' is invalid. Expected names, separated by commas.\nsee surprisal compare --help",
  ],
  [
    "--labels that are not there",
    "compare ./labels.csv --labels x,y",
    'target: the table has no column "y"; it has "a", "x", "three", "all", "one"',
  ],
  [
    "features that never change",
    "compare ./constant.csv answer",
    'features: no column is left: "a" (the same in every row), "b" (the same in every row); add a feature, or keep one with --keep a',
  ],
  [
    "identifiers only",
    "compare ./ids.csv answer",
    'features: no column is left: "id" (looks like an identifier (whole numbers that count the rows)), "uid" (looks like an identifier (all texts differ)); add a feature, or keep one with --keep id',
  ],
  [
    "no feature",
    "compare ./bare.csv answer",
    "features: no column is left beside the target; the table needs at least one feature",
  ],
  [
    "every feature dropped",
    "compare ./good.csv answer --drop a --drop b",
    'features: no column is left: "a" (left out as asked), "b" (left out as asked); add a feature, or take one off --drop',
  ],
  [
    "--drop of an unknown column",
    "compare ./good.csv answer --drop colour",
    '--drop: the table has no column "colour"; it has "a", "b", "answer"',
  ],
  [
    "--keep of an unknown column",
    "compare ./good.csv answer --keep colour",
    '--keep: the table has no column "colour"; it has "a", "b", "answer"',
  ],
  [
    "--drop of the target",
    "compare ./good.csv answer --drop answer",
    '--drop: "answer" is the target, expected another column; take it off --drop',
  ],
  [
    "--keep of the target",
    "compare ./good.csv answer --keep answer",
    '--keep: "answer" is the target, expected another column; take it off --keep',
  ],
  [
    "--drop and --keep of one column",
    "compare ./good.csv answer --drop a --keep a",
    '--drop, --keep: "a" is in both; decide for one',
  ],
  [
    "--group of an unknown column",
    "compare ./good.csv answer --group person",
    '--group: the table has no column "person"; it has "a", "b", "answer"',
  ],
  [
    "--group of the target",
    "compare ./good.csv answer --group answer",
    '--group: "answer" is the target, expected another column; take it off --group',
  ],
  [
    "two groups",
    "compare ./groups.csv answer --group who",
    'folds: class "0" has 2 groups of rows, but 5 folds need at least 5; use --fold-count 2, or smaller groups (--group)',
  ],
  [
    "fewer rows than folds",
    "compare ./four.csv answer",
    "folds: there are 4 rows with a label, but 5 folds need at least 5; use --fold-count 4 or fewer",
  ],
  [
    "fewer rows of a class than folds",
    "compare ./few.csv answer",
    'folds: class "yes" has 3 rows, but 5 folds need at least 5; use --fold-count 3',
  ],
  [
    "--fold-count 1",
    "compare ./good.csv answer --fold-count 1",
    "option '--fold-count <n>' argument '1' is invalid. Expected a whole number of at least 2.\nsee surprisal compare --help",
  ],
  [
    "--fold-count larger than the table",
    "compare ./good.csv answer --fold-count 61",
    "folds: there are 60 rows with a label, but 61 folds need at least 61; use --fold-count 60 or fewer",
  ],
  [
    "--folds that is not there",
    "compare ./good.csv answer --folds ./none.csv",
    "./none.csv: there is no such file; check the path (a table is read from CSV, TSV, Parquet, JSON or JSONL, also .csv.gz)",
  ],
  [
    "--folds of another length",
    "compare ./good.csv answer --folds ./folds-short.csv",
    '"./folds-short.csv": the table of folds has 3 rows, but the table has 60; give one row for each, in the same order (--folds)',
  ],
  [
    "--folds of text",
    "compare ./good.csv answer --folds ./folds-text.csv",
    '"./folds-text.csv": column "r" holds text, but whole numbers that name a fold are expected (--folds)',
  ],
  [
    "--folds with one fold",
    "compare ./good.csv answer --folds ./folds-one.csv",
    '"./folds-one.csv": column "r" has one fold only, but at least 2 are expected (--folds)',
  ],
  [
    "--folds with a fold of one row",
    "compare ./good.csv answer --folds ./folds-tiny.csv",
    '"./folds-tiny.csv": fold 2 of column "r" has 1 row with a label, but at least 2 are expected to judge a model on (--folds)',
  ],
  [
    "--folds with a gap",
    "compare ./good.csv answer --folds ./folds-gap.csv",
    '"./folds-gap.csv": column "r" holds a missing value, but whole numbers that name a fold are expected (--folds)',
  ],
  [
    "--folds with halves",
    "compare ./good.csv answer --folds ./folds-half.csv",
    '"./folds-half.csv": column "r" holds 1.5, but whole numbers that name a fold are expected (--folds)',
  ],
  [
    "--folds that keep a class in one",
    "compare ./good.csv answer --folds ./folds-class.csv",
    '"./folds-class.csv": without fold 2 of column "r" no row of class "no" is left to learn from; spread the class over at least 2 folds (--folds)',
  ],
  [
    "--resume of another comparison",
    "compare ./other.csv answer --model linear --fast --losses ce --output . --resume",
    "--resume: ./other.journal.jsonl belongs to another comparison (other table, flags or version); run without --resume to begin anew",
  ],
  [
    "--resume of what is not saved",
    "compare ./good.csv answer --model linear --fast --losses ce --no-save --resume",
    "--resume and --no-save exclude each other: what is not saved cannot go on; leave one of them out",
  ],
  [
    "--output that is a file",
    "compare ./good.csv answer --model linear --fast --losses ce --output ./file",
    "--output: ./file cannot be written (there is a file of that name); name another folder",
  ],
  [
    "--output inside a file",
    "compare ./good.csv answer --model linear --fast --losses ce --output ./file/results",
    "--output: ./file/results cannot be written (a part of the path is a file, not a folder); name another folder",
  ],
  [
    "--output without a name",
    "compare ./good.csv answer --output @empty",
    "option '--output <folder>' argument '' is invalid. Expected a path.\nsee surprisal compare --help",
  ],
  [
    "a folder where the model should go",
    "compare ./taken.csv answer --model linear --fast --losses ce --output .",
    "./taken.onnx: cannot be written (it is a folder); nothing was left behind; name another place with --output",
  ],
  [
    "an unknown loss",
    "compare ./good.csv answer --losses ce,hinge",
    '--losses: there is no loss "hinge"; the losses are: ce, balanced-ce, focal, balanced-focal, poly1, balanced-poly1, gce, balanced-gce, asl, balanced-asl',
  ],
  [
    "a balanced loss that is not there",
    "compare ./good.csv answer --losses balanced-focla",
    '--losses: there is no loss "balanced-focla"; did you mean "balanced-focal"? the losses are: ce, balanced-ce, focal, balanced-focal, poly1, balanced-poly1, gce, balanced-gce, asl, balanced-asl',
  ],
  [
    "--losses without a name",
    "compare ./good.csv answer --losses @empty",
    "option '--losses <names>' argument '' is invalid. Expected names, separated by commas.\nsee surprisal compare --help",
  ],
  [
    "an unknown metric",
    "compare ./good.csv answer --metric accuracy",
    "option '--metric <score>' argument 'accuracy' is invalid. Allowed choices are log-loss, average-precision, roc-auc, brier.\nsee surprisal compare --help",
  ],
  [
    "an unknown model",
    "compare ./good.csv answer --model wood",
    `option '--model <kinds>' argument 'wood' is invalid. There is no model "wood"; the models are: linear, mlp, trees.\nsee surprisal compare --help`,
  ],
  [
    "--jobs 0",
    "compare ./good.csv answer --jobs 0",
    "option '--jobs <n>' argument '0' is invalid. Expected a whole number of at least 1.\nsee surprisal compare --help",
  ],
  [
    "--max-memory without a unit",
    "compare ./good.csv answer --max-memory 4",
    "option '--max-memory <size>' argument '4' is invalid. Expected a size of at least 256 MB, such as 512MB or 4GB.\nsee surprisal compare --help",
  ],
  [
    "--max-memory that is too small",
    "predict ./good.onnx ./good.csv --max-memory 1MB",
    "option '--max-memory <size>' argument '1MB' is invalid. Expected a size of at least 256 MB, such as 512MB or 4GB.\nsee surprisal predict --help",
  ],
  [
    "--repeats 0",
    "compare ./good.csv answer --repeats 0",
    "option '--repeats <n>' argument '0' is invalid. Expected a whole number of at least 1.\nsee surprisal compare --help",
  ],
  [
    "--seed that is no number",
    "compare ./good.csv answer --seed x",
    "option '--seed <n>' argument 'x' is invalid. Expected a whole number of at least 0.\nsee surprisal compare --help",
  ],
  [
    "--seed that is too large",
    "compare ./good.csv answer --seed 1e30",
    "option '--seed <n>' argument '1e30' is invalid. Expected a number below 2^53.\nsee surprisal compare --help",
  ],
  [
    "costs below 0",
    "compare ./good.csv answer --miss-costs -1",
    "option '--miss-costs <cost>' argument '-1' is invalid. Expected a number of at least 0.\nsee surprisal compare --help",
  ],
  [
    "costs that are both 0",
    "compare ./good.csv answer --miss-costs 0 --false-alarm-costs 0",
    "--miss-costs, --false-alarm-costs: both are 0, so every threshold is as good; give at least one that is more",
  ],
  [
    "costs with three classes",
    "compare ./good.csv b --miss-costs 3 --model linear --fast --losses ce --no-save",
    '--miss-costs, --false-alarm-costs: "b" has more than two classes, a threshold is chosen only where there are two; leave the flags out',
  ],
  [
    "a recall with three classes",
    "compare ./good.csv b --recall 0.9 --model linear --fast --losses ce --no-save",
    '--recall: "b" has more than two classes, a threshold is chosen only where there are two; leave the flag out',
  ],
  [
    "two thresholds for several labels",
    "compare ./pair.csv --labels x,y --recall 0.9 --top 5",
    "--recall, --top: there are 2 labels, a threshold is chosen for one target at a time; leave the flags out, or name one target",
  ],
  [
    "a recall in per cent without the sign",
    "compare ./good.csv answer --recall 90",
    "option '--recall <share>' argument '90' is invalid. Expected a share above 0 and up to 1, such as 0.9 or 90%.\nsee surprisal compare --help",
  ],
  [
    "a recall of 0",
    "compare ./good.csv answer --recall 0",
    "option '--recall <share>' argument '0' is invalid. Expected a share above 0 and up to 1, such as 0.9 or 90%.\nsee surprisal compare --help",
  ],
  [
    "a precision that is no number",
    "compare ./good.csv answer --precision high",
    "option '--precision <share>' argument 'high' is invalid. Expected a share above 0 and up to 1, such as 0.9 or 90%.\nsee surprisal compare --help",
  ],
  [
    "a precision of more than everything",
    "compare ./good.csv answer --precision 110%",
    "option '--precision <share>' argument '110%' is invalid. Expected a share above 0 and up to 1, such as 0.9 or 90%.\nsee surprisal compare --help",
  ],
  [
    "a part of a row to flag",
    "compare ./good.csv answer --top 0.05",
    "option '--top <rows>' argument '0.05' is invalid. Expected a number of rows, such as 100, or a share of them, such as 5%.\nsee surprisal compare --help",
  ],
  [
    "no row to flag",
    "compare ./good.csv answer --top 0%",
    "option '--top <rows>' argument '0%' is invalid. Expected a number of rows, such as 100, or a share of them, such as 5%.\nsee surprisal compare --help",
  ],
  [
    "more rows to flag than there are",
    "compare ./good.csv answer --top 100000 --model linear --fast --losses ce --no-save",
    "--top: 100,000 of 60 rows cannot be flagged; give fewer rows, or a share such as 5%",
  ],
  [
    "--fast with --thorough",
    "compare ./good.csv answer --fast --thorough",
    "--fast and --thorough exclude each other; give one of them",
  ],
  [
    "fit with an unknown loss",
    "fit ./good.csv answer --loss hinge",
    '--loss: there is no loss "hinge"; the losses are: ce, focal, poly1, gce, asl; classes are weighted with --alpha',
  ],
  [
    "fit with a family of compare",
    "fit ./good.csv answer --loss balanced-focal",
    '--loss: there is no loss "balanced-focal"; the losses are: ce, focal, poly1, gce, asl; classes are weighted with --alpha',
  ],
  [
    "fit with an unknown --alpha",
    "fit ./good.csv answer --alpha heavy",
    '--alpha: "heavy" is no weighting; expected one of: none, inverse-sqrt, effective-number, inverse',
  ],
  [
    "--set without a value",
    "fit ./good.csv answer --loss focal --set gamma",
    '--set: "gamma" is no setting; expected name=number, such as gamma=2',
  ],
  [
    "--set with a word",
    "fit ./good.csv answer --loss focal --set gamma=two",
    '--set: "gamma=two" is no setting; expected name=number, such as gamma=2',
  ],
  [
    "--set with two values",
    "fit ./good.csv answer --loss focal --set gamma=2=3",
    '--set: "gamma=2=3" is no setting; expected name=number, such as gamma=2',
  ],
  [
    "a parameter that is set twice",
    "fit ./good.csv answer --loss focal --set gamma=1 --gamma 2",
    '--gamma: "gamma" is set twice; give each parameter of the loss one value',
  ],
  [
    "--gamma for a loss without one, beside a --set that it has",
    "fit ./good.csv answer --loss poly1 --set epsilon=1 --gamma 2",
    '--gamma: poly1: there is no parameter "gamma"; the parameters are: epsilon; `surprisal show LOSS` tells what a loss takes',
  ],
  [
    "--set of an unknown parameter",
    "fit ./good.csv answer --loss focal --set gama=2",
    '--set: focal: there is no parameter "gama"; the parameters are: gamma; `surprisal show LOSS` tells what a loss takes',
  ],
  [
    "--set out of range",
    "fit ./good.csv answer --loss gce --set q=7",
    "--set: generalizedCrossEntropy: q is 7, but must be at most 1; `surprisal show LOSS` tells what a loss takes",
  ],
  [
    "--gamma where the loss has none",
    "fit ./good.csv answer --gamma 2",
    '--gamma: crossEntropy: there is no parameter "gamma"; this loss takes none; `surprisal show LOSS` tells what a loss takes',
  ],
  [
    "--gamma below 0",
    "fit ./good.csv answer --loss focal --gamma -1",
    "option '--gamma <value>' argument '-1' is invalid. Expected a number of at least 0.\nsee surprisal fit --help",
  ],
  [
    "--threshold above 1",
    "fit ./good.csv answer --threshold 1.5",
    "--threshold: 1.5 is no probability; expected a number from 0 to 1",
  ],
  [
    "fit into a file",
    "fit ./good.csv answer --model linear --output ./file",
    "--output: ./file cannot be written (there is a file of that name); name another folder",
  ],
  ["predict without a table", "predict ./good.onnx", "missing required argument 'table'\nsee surprisal predict --help"],
  [
    "predict without the model",
    "predict ./none.onnx ./good.csv",
    "./none.onnx: cannot be read (there is no such file or folder); give the path of a model that compare or fit has saved (.onnx)",
  ],
  [
    "predict with a folder",
    "predict ./folder ./good.csv",
    "./folder: cannot be read (it is a folder); give the path of a model that compare or fit has saved (.onnx)",
  ],
  [
    "predict with a model that is cut off",
    "predict ./cut.onnx ./good.csv",
    "./cut.onnx: this is not an ONNX file, or it was cut off; give a model that compare or fit has saved (.onnx)",
  ],
  [
    "predict with a damaged model",
    "predict ./damaged.onnx ./good.csv",
    "./damaged.onnx: the file was damaged or changed after it was written (its checksum differs); make it again with compare or fit",
  ],
  [
    "predict with a text",
    "predict ./text.onnx ./good.csv",
    "./text.onnx: this is not an ONNX file, or it was cut off; give a model that compare or fit has saved (.onnx)",
  ],
  [
    "predict with an empty file",
    "predict ./empty.onnx ./good.csv",
    "./empty.onnx: this is not an ONNX file, or it was cut off; give a model that compare or fit has saved (.onnx)",
  ],
  [
    "predict with a model of another program",
    "predict ./torch.onnx ./good.csv",
    './torch.onnx: an ONNX file of "pytorch" without the metadata of surprisal; either another program wrote it, or it was cut off: predict reads models that compare or fit has saved',
  ],
  [
    "predict with model and table exchanged",
    "predict ./good.csv ./good.onnx",
    "./good.csv: this is not an ONNX file, or it was cut off; give a model that compare or fit has saved (.onnx)",
  ],
  [
    "predict on a table that is not there",
    "predict ./good.onnx ./none.csv",
    "./none.csv: there is no such file; check the path (a table is read from CSV, TSV, Parquet, JSON or JSONL, also .csv.gz)",
  ],
  [
    "predict without a column",
    "predict ./good.onnx ./renamed.csv",
    './renamed.csv: the column "a" of the model is not in this table; add it, or treat it as missing values with --allow-missing-columns',
  ],
  [
    "predict on an infinite number in a column of the model",
    "predict ./good.onnx ./infinite.csv",
    './infinite.csv: column "a" is infinite in row 5, a feature must be a finite number; write a number or leave the cell empty (then it is missing, as every infinity is with --missing a=inf,-inf)',
  ],
  [
    "predict into its own table",
    "predict ./good.onnx ./good.csv --output ./good.csv",
    "./good.csv: this file is read and would be replaced; name another place with --output",
  ],
  [
    "predict with an apostrophe where nothing runs",
    "predict ./good.onnx ./good.csv --output ./new.parquet --neutralise-formulas",
    "--neutralise-formulas: ./new.parquet is no CSV, and nothing runs in it; leave the flag out, or end the name in .csv",
  ],
  [
    "--folds with an infinite number",
    "compare ./good.csv answer --folds ./folds-infinite.csv",
    '"./folds-infinite.csv": column "r" holds inf, but whole numbers that name a fold are expected (--folds)',
  ],
  [
    "--folds with one number in two spellings",
    "compare ./good.csv answer --folds ./folds-spelled.csv",
    '"./folds-spelled.csv": column "r" names a fold "1" and "01", the same number in two spellings; write it in one (--folds)',
  ],
  [
    "predict into a workbook",
    "predict ./good.onnx ./good.csv --output ./new.xlsx",
    "./new.xlsx: predictions are written as CSV, Parquet or JSON; end the name in .csv, .parquet, .json or .jsonl",
  ],
  [
    "predict into a folder that is not there",
    "predict ./good.onnx ./good.csv --output ./nowhere/new.csv",
    "./nowhere/new.csv: cannot be written (there is no such file or folder); nothing was left behind; name another place with --output",
  ],
  [
    "predict into a file",
    "predict ./good.onnx ./good.csv --output ./file/new.csv",
    "./file/new.csv: cannot be written (a part of the path is a file, not a folder); nothing was left behind; name another place with --output",
  ],
  [
    "show of an unknown loss",
    "show hinge",
    'loss: there is no loss "hinge"; the losses are: ce, focal, poly1, gce, asl',
  ],
  [
    "show of a typing error",
    "show focla",
    'loss: there is no loss "focla"; did you mean "focal"? the losses are: ce, focal, poly1, gce, asl',
  ],
  ["show of nothing", "show", "missing required argument 'loss'\nsee surprisal show --help"],
  [
    "losses with a name",
    "losses focal",
    "too many arguments for 'losses'. Expected 0 arguments but got 1.\nsee surprisal losses --help",
  ],
];
