// See site_paths.h.
#include "ledger/pages/site_paths.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
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
#include "ledger/query/records.h"
#include "ledger/query/statement.h"
#include "ledger/query/trace.h"

namespace fundtrail::pages {

StatusOr<std::set<std::string>> SitePaths(const query::View& view, std::size_t most_payments) {
  std::set<std::string> paths = {kRobotsPath, kModulesPath, kNamesPath};
  for (const WebFile& file : WebFiles()) paths.insert(absl::StrCat("/web/", Abseil(file.name)));
  const auto add_page = [&paths](const std::string& path) {
    paths.insert(path);
    paths.insert("/zh" + path);
  };
  // "/party/X/" and ".csv": the file beside that page.
  const auto beside = [](const std::string& path, const char* ending) {
    return path.substr(0, path.size() - 1) + ending;
  };
  add_page("/");
  for (const Language language : kLanguages) paths.insert("/" + FindingsFeedPath(language));
  if (view.checkpoint.size() > 0) paths.insert("/" + WholeFeedPath(Language::kChinese));
  for (const ListRoute& list : ListRoutes()) {
    const std::string path = absl::StrCat("/", Abseil(list.name), "/");
    add_page(path);
    if (!list.files) continue;
    paths.insert(beside(path, ".csv"));
    paths.insert(beside(path, ".json"));
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
  const auto add_with_table = [&](const std::string& path) {
    add_page(path);
    paths.insert(beside(path, ".csv"));
  };
  // Of too many bodies or accounts there is none.
  const auto add_statement = [&](const std::string& path, const v1::StatementRequest& of) -> Status {
    const Status stated = query::Statement(view, of, {}).status();
    if (absl::IsResourceExhausted(stated)) return absl::OkStatus();
    FT_RETURN_IF_ERROR(stated);
    add_with_table(path);
    return absl::OkStatus();
  };
  // One picture for each asset of a page.
  const auto add_pictures = [&](const std::string& page, const std::set<std::string>& assets) {
    for (const std::string& asset : assets)
      if (const std::string path = PicturePath(page, assets.size() > 1 ? asset : ""); !path.empty())
        add_page(path);
  };
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
      if (std::string_view(of) != "need") paths.insert(beside(ItemPath(of, id), ".csv"));
      if (std::string_view(of) == "party") parties.push_back(id);
      if (const v1::RegisterParty& party = line.action().register_party();
          std::string_view(of) == "party" && party.parent() != id)
        parents.insert(party.parent());
      if (std::string_view(of) == "programme") programmes.push_back(id);
      return true;
    }));
  }
  for (const std::string& id : programmes) {
    v1::StatementRequest statement;
    statement.set_programme(id);
    FT_RETURN_IF_ERROR(add_statement(absl::StrCat("/", ProgrammePath(id), "statement/"), statement));
  }
  for (const std::string& id : parties) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto totals, query::AccountTotals(view, id, std::nullopt));
    std::set<std::string> assets;
    for (const query::AccountTotal& of : totals) assets.insert(of.account.asset());
    add_pictures("/" + PartyPath(id), assets);
    v1::StatementRequest statement;
    statement.set_party(id);
    if (!assets.empty())
      FT_RETURN_IF_ERROR(add_statement(absl::StrCat("/", PartyPath(id), "statement/"), statement));
    statement.set_below(true);
    if (parents.count(id) == 1)
      FT_RETURN_IF_ERROR(add_statement(absl::StrCat("/", PartyPath(id), "below/"), statement));
    for (const v1::Direction way : {v1::FROM, v1::TO}) {
      v1::TraceRequest request;
      request.set_party(id);
      request.set_direction(way);
      FT_ASSIGN_OR_RETURN(const v1::TraceAnswer answer, query::Trace(view, request));
      // Where no money is in the question, no page is.
      if (answer.assets().empty()) continue;
      const std::string path = absl::StrCat("/", PartyPath(id), way == v1::FROM ? "went/" : "came/");
      add_page(path);
      paths.insert(beside(path, ".csv"));
      std::set<std::string> traced;
      for (const v1::AssetTrace& trace : answer.assets()) traced.insert(trace.asset());
      add_pictures(path, traced);
    }
  }
  std::vector<std::string> payments;
  for (std::uint64_t record = 0; record < view.checkpoint.size(); ++record) {
    FT_RETURN_IF_ERROR(view.GoOn());
    v1::ShowRequest request;
    request.mutable_ref()->set_record(record);
    FT_ASSIGN_OR_RETURN(const v1::ShowAnswer shown, query::Show(view, request));
    for (const v1::TransferLine& line : shown.transfers()) {
      if (payments.size() <= most_payments)
        payments.push_back(absl::StrCat("/", PaymentPath(line.ref().record(), line.ref().line())));
      const std::string year = line.date().substr(0, 4);
      add_with_table(absl::StrCat("/payments/", year, "/"));
      if (HasYearBefore(year)) add_with_table(absl::StrCat("/compare/", year, "/"));
    }
  }
  if (payments.size() > most_payments) return paths;
  for (const std::string& payment : payments) add_page(payment);
  for (std::uint64_t record = 0; record < view.checkpoint.size(); ++record)
    paths.insert(absl::StrCat("/record/", record, ".tlog-proof"));
  return paths;
}

}  // namespace fundtrail::pages
