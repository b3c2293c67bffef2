#pragma once
/// The result model as JSON, one object a line. The same values give the same bytes everywhere.

#include <string>

#include "refrain/report/model.h"

namespace refrain {

/// Each appends one line, line end included, to `out`.
void AppendJson(const PageRow& row, std::string* out);
void AppendJson(const MatchRow& row, std::string* out);
void AppendJson(const ClusterRow& row, std::string* out);
void AppendJson(const MarkRow& row, std::string* out);
void AppendJson(const RemovedPageRow& row, std::string* out);
void AppendJson(const RemovedSpanRow& row, std::string* out);
void AppendJson(const BoilerplateRow& row, std::string* out);
void AppendJson(const BoilerplatePageRow& row, std::string* out);

}  // namespace refrain
