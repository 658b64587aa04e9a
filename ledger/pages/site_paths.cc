// See site_paths.h.
#include "ledger/pages/site_paths.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/base/parallel.h"
#include "ledger/base/text.h"
#include "ledger/model/references.h"
#include "ledger/model/register_table.h"
#include "ledger/pages/address.h"
#include "ledger/pages/all_items.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/files.h"
#include "ledger/pages/findings_feed.h"
#include "ledger/pages/routes.h"
#include "ledger/pages/site.h"
#include "ledger/pages/web_files.h"
#include "ledger/query/account_totals.h"
#include "ledger/query/money_sums.h"
#include "ledger/query/payment_years.h"
#include "ledger/query/replay_read.h"
#include "ledger/query/statement.h"
#include "ledger/query/trace.h"

namespace fundtrail::pages {

namespace {

// "/party/X/" and ".csv": the file beside that page.
std::string Beside(const std::string& path, const char* ending) {
  return path.substr(0, path.size() - 1) + ending;
}

class Paths {
 public:
  void Add(std::string path) { paths_.push_back(std::move(path)); }
  // In both languages.
  void AddPage(const std::string& path) {
    Add(path);
    Add("/zh" + path);
  }
  void AddWithTable(const std::string& path) {
    AddPage(path);
    Add(Beside(path, ".csv"));
  }
  // One picture for each asset of a page.
  void AddPictures(const std::string& page, const std::set<std::string>& assets) {
    for (const std::string& asset : assets)
      if (const std::string path = PicturePath(page, assets.size() > 1 ? asset : ""); !path.empty())
        AddPage(path);
  }
  // Of too many bodies or accounts there is none.
  Status AddStatement(const query::View& view, const std::string& path, const v1::StatementRequest& of) {
    const Status stated = query::Statement(view, of, {}).status();
    if (absl::IsResourceExhausted(stated)) return absl::OkStatus();
    FT_RETURN_IF_ERROR(stated);
    AddWithTable(path);
    return absl::OkStatus();
  }
  const std::vector<std::string>& all() const { return paths_; }

 private:
  std::vector<std::string> paths_;
};

// What is below the page of a party: pictures, statements, where its money went and came from.
StatusOr<Paths> PathsOfParty(const query::View& view, const std::string& id, bool has_below) {
  FT_RETURN_IF_ERROR(view.GoOn());
  Paths paths;
  const std::string own = "/" + PartyPath(id);
  FT_ASSIGN_OR_RETURN(const auto totals, query::AccountTotals(view, id, std::nullopt));
  std::set<std::string> assets;
  for (const query::AccountTotal& of : totals) assets.insert(of.account.asset());
  paths.AddPictures(own, assets);
  v1::StatementRequest statement;
  statement.set_party(id);
  if (!assets.empty()) FT_RETURN_IF_ERROR(paths.AddStatement(view, own + "statement/", statement));
  statement.set_below(true);
  if (has_below) FT_RETURN_IF_ERROR(paths.AddStatement(view, own + "below/", statement));
  for (const v1::Direction way : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
    v1::TraceRequest request;
    request.set_party(id);
    request.set_direction(way);
    FT_ASSIGN_OR_RETURN(const std::set<std::string> traced, query::TracedAssets(view, request));
    // Where no money is in the question, no page is.
    if (traced.empty()) continue;
    const std::string path = own + (way == v1::DIRECTION_FROM ? "went/" : "came/");
    paths.AddWithTable(path);
    paths.AddPictures(path, traced);
  }
  return paths;
}

// Payments by year, and each by itself where they are not too many, with the proof of each record.
StatusOr<Paths> PathsOfPayments(const query::View& view, std::size_t most) {
  Paths paths;
  FT_ASSIGN_OR_RETURN(const std::set<std::string> years, query::PaymentYears(view, std::nullopt));
  for (const std::string& year : years) {
    paths.AddWithTable(absl::StrCat("/payments/", year, "/"));
    if (HasYearBefore(year)) paths.AddWithTable(absl::StrCat("/compare/", year, "/"));
  }
  FT_ASSIGN_OR_RETURN(const bool too_many, query::HasMoreTransfers(view, std::nullopt, most));
  if (too_many) return paths;
  FT_RETURN_IF_ERROR(
      query::MoneyWalk::EachRow(view, std::nullopt, [&](TransferRef ref, const model::TransferRow&) {
        paths.AddPage(absl::StrCat("/", PaymentPath(ref.record.value(), ref.line)));
        return absl::OkStatus();
      }));
  for (std::uint64_t record = 0; record < view.checkpoint.size(); ++record)
    paths.Add(absl::StrCat("/record/", record, ".tlog-proof"));
  return paths;
}

}  // namespace

StatusOr<std::set<std::string>> SitePaths(const query::View& view, std::size_t most_payments,
                                          std::size_t threads) {
  std::set<std::string> paths = {kRobotsPath, kModulesPath, kNamesPath};
  for (const WebFile& file : WebFiles()) paths.insert(absl::StrCat("/web/", Abseil(file.name)));
  const auto add_all = [&paths](const Paths& more) { paths.insert(more.all().begin(), more.all().end()); };
  const auto add_page = [&paths](const std::string& path) {
    paths.insert(path);
    paths.insert("/zh" + path);
  };
  add_page("/");
  for (const Language language : kLanguages) paths.insert("/" + FindingsFeedPath(language));
  if (view.checkpoint.size() > 0) paths.insert("/" + WholeFeedPath(Language::kChinese));
  for (const ListRoute& list : ListRoutes()) {
    const std::string path = absl::StrCat("/", Abseil(list.name), "/");
    add_page(path);
    if (!list.files) continue;
    paths.insert(Beside(path, ".csv"));
    paths.insert(Beside(path, ".json"));
  }
  // Pictures of which there are none, or that the page has as one of several, are left out by their status.
  const auto add_drawn = [&](const std::string& path) -> Status {
    PageRequest picture;
    picture.path = path;
    FT_ASSIGN_OR_RETURN(const Page drawn, AnswerPage(view, picture));
    if (drawn.status == 200) add_page(path);
    return absl::OkStatus();
  };
  for (const char* path : {"/idle/", "/places/"}) FT_RETURN_IF_ERROR(add_drawn(PicturePath(path)));
  if (paths.count(PicturePath("/idle/")) == 0) {
    std::vector<std::string> codes;
    FT_RETURN_IF_ERROR(EachItem(view, "asset", [&](const v1::RegisterLine& line) {
      codes.push_back(model::IdOf(line.action()));
      return true;
    }));
    for (const std::string& code : codes)
      if (const std::string path = PicturePath("/idle/", code); !path.empty())
        FT_RETURN_IF_ERROR(add_drawn(path));
  }
  std::vector<std::string> parties, programmes;
  std::set<std::string> parents;  // that have somebody below them
  for (const char* of : ItemRegisters()) {
    FT_RETURN_IF_ERROR(EachItem(view, of, [&](const v1::RegisterLine& line) {
      const std::string id = model::IdOf(line.action());
      add_page(ItemPath(of, id));
      for (const Language language : kLanguages) {
        const std::string feed = OwnFeedPath(language, of, id);
        if (!IsPerson(line) && ReadOwnFeedPath(feed).has_value()) paths.insert("/" + feed);
      }
      if (std::string_view(of) == "need") add_page(ItemPath(of, id) + "pledge/");
      if (std::string_view(of) != "need") paths.insert(Beside(ItemPath(of, id), ".csv"));
      if (std::string_view(of) == "party") parties.push_back(id);
      if (const v1::RegisterParty& party = line.action().register_party();
          std::string_view(of) == "party" && party.parent() != id)
        parents.insert(party.parent());
      if (std::string_view(of) == "programme") programmes.push_back(id);
      return true;
    }));
  }
  Paths stated;
  for (const std::string& id : programmes) {
    v1::StatementRequest statement;
    statement.set_programme(id);
    FT_RETURN_IF_ERROR(
        stated.AddStatement(view, absl::StrCat("/", ProgrammePath(id), "statement/"), statement));
  }
  add_all(stated);
  std::vector<StatusOr<Paths>> of_parties(parties.size(), Paths());
  OnThreads(threads, parties.size(), [&](std::size_t i) {
    of_parties[i] = PathsOfParty(view, parties[i], parents.count(parties[i]) == 1);
  });
  for (const StatusOr<Paths>& of_party : of_parties) {
    FT_RETURN_IF_ERROR(of_party.status());
    add_all(*of_party);
  }
  FT_ASSIGN_OR_RETURN(const Paths payments, PathsOfPayments(view, most_payments));
  add_all(payments);
  return paths;
}

std::vector<std::vector<std::string>> SharingPaths(const std::set<std::string>& paths) {
  // Of an item the first two folders or names tell it, of a list the first: "/party/X", "/payments".
  const auto group_of = [](std::string_view path) {
    if (path.starts_with("/zh/")) path.remove_prefix(3);
    std::vector<std::string_view> parts;
    for (const absl::string_view part : absl::StrSplit(Abseil(path), '/'))
      parts.emplace_back(part.data(), part.size());
    const bool item = parts.size() > 2 && FindItemRoute(parts[1]) != nullptr;
    if (!item) return std::pair(true, std::string(parts[1].substr(0, parts[1].find('.'))));
    std::string_view name = parts[2];
    for (const std::string_view ending : {".csv", ".svg"})
      if (parts.size() == 3 && name.ends_with(ending)) name.remove_suffix(ending.size());
    return std::pair(false, absl::StrCat(Abseil(parts[1]), "/", Abseil(name)));
  };
  std::map<std::pair<bool, std::string>, std::vector<std::string>, std::greater<>> groups;
  for (const std::string& path : paths) groups[group_of(path)].push_back(path);
  std::vector<std::vector<std::string>> all;
  all.reserve(groups.size());
  for (auto& [group, of] : groups) all.push_back(std::move(of));
  return all;
}

}  // namespace fundtrail::pages
