// See import_parts.h.
#include "cli/commands/import_parts.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "cli/client/target.h"

namespace fundtrail::cli {

namespace fs = std::filesystem;

Rejects::Rejects(const std::string& file, const std::string& dir, char separator, exchange::Cells cells,
                 bool is_utf8)
    : separator_(separator),
      cells_(cells),
      is_utf8_(is_utf8),
      path_(dir.empty() ? file + ".rejects.csv"
                        : (fs::path(dir) / (fs::path(file).filename().string() + ".rejects.csv")).string()) {}

Status Rejects::Take(const std::vector<std::string>& header, const exchange::RawRow& row,
                     const std::string& reason) {
  if (!out_.is_open()) {
    out_.open(path_ + ".part", std::ios::binary | std::ios::trunc);
    std::vector<std::string> first = {"reason", "line"};
    first.insert(first.end(), header.begin(), header.end());
    if (!is_utf8_) out_ << "\xef\xbb\xbf";
    out_ << exchange::CsvLine(first, cells_, separator_);
  }
  std::vector<std::string> line = {reason, std::to_string(row.line)};
  line.insert(line.end(), row.fields.begin(), row.fields.end());
  out_ << exchange::CsvLine(line, cells_, separator_);
  ++count_;
  return out_ ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("cannot write ", path_));
}

StatusOr<std::string> Rejects::Finish(bool keep) {
  std::error_code error;
  if (count_ == 0) {
    if (!keep) fs::remove(path_, error);  // of an earlier run
    return std::string();
  }
  out_.close();
  if (keep && fs::exists(path_, error)) {
    fs::remove(path_ + ".part", error);
    return path_;
  }
  fs::rename(path_ + ".part", path_, error);
  if (!out_ || error) return absl::UnavailableError(absl::StrCat("cannot write ", path_));
  return path_;
}

render::Progress ProgressOf(const render::Shown& label) {
  return render::Progress(label, isatty(STDERR_FILENO) != 0, render::SteadySeconds(),
                          [](const std::string& line) { std::fputs(line.c_str(), stderr); });
}

// Over the network this reads the whole ledger.
StatusOr<std::unique_ptr<intake::Target>> OpenTarget(Connection* connection) {
  render::Progress progress = ProgressOf("reading the ledger");
  return MakeTarget(connection,
                    [&](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); });
}

}  // namespace fundtrail::cli
