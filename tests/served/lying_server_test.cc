// A server that lies: it answers every question with hostile values in every field, and every command is run against it.
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <limits>
#include <set>

#include "ledger/base/bytes.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"
#include "server/status.h"
#include "tests/served/client.h"
#include "tests/support/hostile_values.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// What the liar says just now.
struct Lie {
  HostileValues values;
  std::optional<grpc::Status> error;  // instead of any answer
  std::uint32_t depth_step = 0;       // in a tree: each so much deeper; 0: as `values` has it
  bool as_of_asked = false;           // registers as of the record that was asked for; else of another
  bool as_asked = false;              // lines of the register that was asked for; else of another
  std::string of{};                   // that register
  // Whether commands are asked with --json too. Numbers say nothing new in it, and of errors one does.
  bool in_json = true;
};

class Liar final : public v1::Ledger::Service, public v1::Submission::Service {
 public:
  Liar() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(-1);
    builder.SetMaxSendMessageSize(-1);
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(static_cast<v1::Ledger::Service*>(this));
    builder.RegisterService(static_cast<v1::Submission::Service*>(this));
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~Liar() override { server_->Shutdown(std::chrono::system_clock::now()); }
  const std::string& address() const { return address_; }
  Lie lie;
  // Said in place of the lie, when there is one.
  std::optional<v1::BalanceAnswer> balance;
  std::optional<v1::StatementAnswer> statement;
  std::optional<v1::ListAnswer> listed;
  std::optional<v1::TraceAnswer> trace;
  std::optional<v1::ProjectMoneyAnswer> money;
  std::optional<v1::CoverageAnswer> coverage;
  std::optional<v1::WhoAnswersAnswer> who;
  std::optional<v1::IdleTeamsAnswer> idle;
  std::optional<v1::StandingAnswer> standing;
  std::optional<v1::EvaluationsAnswer> evaluations;
  std::optional<v1::ParticipationAnswer> participation;
  std::optional<v1::FragmentationAnswer> hands;
  std::optional<v1::MatchAnswer> match;
  std::optional<v1::NeedsAnswer> needs;
  std::optional<v1::GroupAnswer> group;
  std::optional<v1::MissingGroupsAnswer> missing;
  std::optional<v1::PublicityAnswer> publicity;
  std::optional<v1::OpenAnswer> open;
  std::optional<v1::PledgesAnswer> pledges;
  std::optional<v1::AcknowledgementsAnswer> arrivals;
  std::optional<v1::ConcernsAnswer> concerns;
  std::optional<v1::SampleAnswer> sample;
  std::optional<v1::SummaryAnswer> summary;
  std::optional<v1::TopAnswer> top;
  std::optional<v1::SeriesAnswer> series;
  std::optional<v1::IdleAnswer> held;
  std::optional<v1::FindingsAnswer> findings;
  std::optional<v1::SearchAnswer> search;
  std::optional<v1::LogAnswer> log;
  std::optional<v1::KeyAnswer> keys;

  template <typename Answer>
  grpc::Status One(Answer* answer) {
    if (lie.error.has_value()) return *lie.error;
    Fill(answer, lie.values);
    return grpc::Status::OK;
  }
  template <typename Page>
  grpc::Status Many(grpc::ServerWriter<Page>* writer) {
    if (lie.error.has_value()) return *lie.error;
    Page page;
    Fill(&page, lie.values);
    if constexpr (requires { page.clear_in_all(); }) page.clear_in_all();  // what is too few is told first
    if constexpr (std::is_same_v<Page, v1::RegistersAnswer>) {
      if (lie.as_of_asked) {
        page.clear_as_of_record();
        if (asked_as_of_.has_value()) page.set_as_of_record(*asked_as_of_);
      }
      // Filled, an action is of the last field of all; that each line is of the register that was asked for is checked first.
      for (int i = 0; !lie.of.empty() && i < page.lines_size(); ++i)
        Fill(model::MutableItemOf(*model::FindRegister(lie.of), page.mutable_lines(i)->mutable_action()),
             lie.values);
      for (int i = 0; lie.depth_step > 0 && i < page.lines_size(); ++i)
        page.mutable_lines(i)->set_depth(static_cast<std::uint32_t>(i) * lie.depth_step);
    }
    for (int i = 0; i < 3; ++i) writer->Write(page);
    return grpc::Status::OK;
  }

  using Context = grpc::ServerContext;
  grpc::Status GetCheckpoint(Context*, const v1::CheckpointRequest*, v1::CheckpointAnswer* a) override {
    return One(a);
  }
  grpc::Status Show(Context*, const v1::ShowRequest*, v1::ShowAnswer* a) override { return One(a); }
  grpc::Status Balance(Context*, const v1::BalanceRequest*, v1::BalanceAnswer* a) override {
    if (!balance.has_value()) return One(a);
    *a = *balance;
    return grpc::Status::OK;
  }
  grpc::Status Trace(Context*, const v1::TraceRequest*, v1::TraceAnswer* a) override {
    if (!trace.has_value()) return One(a);
    *a = *trace;
    return grpc::Status::OK;
  }
  grpc::Status ProjectMoney(Context*, const v1::ProjectMoneyRequest*, v1::ProjectMoneyAnswer* a) override {
    if (!money.has_value()) return One(a);
    *a = *money;
    return grpc::Status::OK;
  }
  grpc::Status Coverage(Context*, const v1::CoverageRequest*, v1::CoverageAnswer* a) override {
    if (!coverage.has_value()) return One(a);
    *a = *coverage;
    return grpc::Status::OK;
  }
  grpc::Status WhoAnswers(Context*, const v1::WhoAnswersRequest*, v1::WhoAnswersAnswer* a) override {
    if (!who.has_value()) return One(a);
    *a = *who;
    return grpc::Status::OK;
  }
  grpc::Status Fragmentation(Context*, const v1::FragmentationRequest*, v1::FragmentationAnswer* a) override {
    if (!hands.has_value()) return One(a);
    *a = *hands;
    return grpc::Status::OK;
  }
  grpc::Status Match(Context*, const v1::MatchRequest*, v1::MatchAnswer* a) override {
    if (!match.has_value()) return One(a);
    *a = *match;
    return grpc::Status::OK;
  }
  grpc::Status Standing(Context*, const v1::StandingRequest*, v1::StandingAnswer* a) override {
    if (!standing.has_value()) return One(a);
    *a = *standing;
    return grpc::Status::OK;
  }
  grpc::Status Participation(Context*, const v1::ParticipationRequest*, v1::ParticipationAnswer* a) override {
    if (!participation.has_value()) return One(a);
    *a = *participation;
    return grpc::Status::OK;
  }
  grpc::Status Evaluations(Context*, const v1::EvaluationsRequest*,
                           grpc::ServerWriter<v1::EvaluationsAnswer>* w) override {
    if (!evaluations.has_value()) return Many(w);
    w->Write(*evaluations);
    return grpc::Status::OK;
  }
  grpc::Status IdleTeams(Context*, const v1::IdleTeamsRequest*, v1::IdleTeamsAnswer* a) override {
    if (!idle.has_value()) return One(a);
    *a = *idle;
    return grpc::Status::OK;
  }
  grpc::Status Group(Context*, const v1::GroupRequest*, v1::GroupAnswer* a) override {
    if (!group.has_value()) return One(a);
    *a = *group;
    return grpc::Status::OK;
  }
  grpc::Status Publicity(Context*, const v1::PublicityRequest*, v1::PublicityAnswer* a) override {
    if (!publicity.has_value()) return One(a);
    *a = *publicity;
    return grpc::Status::OK;
  }
  grpc::Status Open(Context*, const v1::OpenRequest*, v1::OpenAnswer* a) override {
    if (!open.has_value()) return One(a);
    *a = *open;
    return grpc::Status::OK;
  }
  grpc::Status Acknowledgements(Context*, const v1::AcknowledgementsRequest*,
                                grpc::ServerWriter<v1::AcknowledgementsAnswer>* w) override {
    if (!arrivals.has_value()) return Many(w);
    w->Write(*arrivals);
    return grpc::Status::OK;
  }
  grpc::Status Concerns(Context*, const v1::ConcernsRequest*,
                        grpc::ServerWriter<v1::ConcernsAnswer>* w) override {
    if (!concerns.has_value()) return Many(w);
    w->Write(*concerns);
    return grpc::Status::OK;
  }
  grpc::Status Sample(Context*, const v1::SampleRequest*, v1::SampleAnswer* a) override {
    if (!sample.has_value()) return One(a);
    *a = *sample;
    return grpc::Status::OK;
  }
  grpc::Status Summary(Context*, const v1::SummaryRequest*, v1::SummaryAnswer* a) override {
    if (!summary.has_value()) return One(a);
    *a = *summary;
    return grpc::Status::OK;
  }
  grpc::Status FlowsBy(Context*, const v1::FlowsByRequest*, v1::FlowsByAnswer* a) override { return One(a); }
  grpc::Status Compare(Context*, const v1::CompareRequest*, v1::CompareAnswer* a) override { return One(a); }
  grpc::Status Committed(Context*, const v1::CommittedRequest*, v1::CommittedAnswer* a) override {
    return One(a);
  }
  grpc::Status Series(Context*, const v1::SeriesRequest*, v1::SeriesAnswer* a) override {
    if (!series.has_value()) return One(a);
    *a = *series;
    return grpc::Status::OK;
  }
  grpc::Status Top(Context*, const v1::TopRequest*, grpc::ServerWriter<v1::TopAnswer>* w) override {
    if (!top.has_value()) return Many(w);
    w->Write(*top);
    return grpc::Status::OK;
  }
  grpc::Status Search(Context*, const v1::SearchRequest*, grpc::ServerWriter<v1::SearchAnswer>* w) override {
    if (!search.has_value()) return Many(w);
    w->Write(*search);
    return grpc::Status::OK;
  }
  grpc::Status Idle(Context*, const v1::IdleRequest*, grpc::ServerWriter<v1::IdleAnswer>* w) override {
    if (!held.has_value()) return Many(w);
    w->Write(*held);
    return grpc::Status::OK;
  }
  grpc::Status Findings(Context*, const v1::FindingsRequest*,
                        grpc::ServerWriter<v1::FindingsAnswer>* w) override {
    if (!findings.has_value()) return Many(w);
    w->Write(*findings);
    return grpc::Status::OK;
  }
  grpc::Status LedgerKeys(Context*, const v1::LedgerKeysRequest*, v1::LedgerKeyAnswer* a) override {
    return One(a);
  }
  grpc::Status Prove(Context*, const v1::ProveRequest*, v1::ProveAnswer* a) override { return One(a); }
  grpc::Status Consistency(Context*, const v1::ConsistencyRequest*, v1::ConsistencyAnswer* a) override {
    return One(a);
  }
  grpc::Status List(Context*, const v1::ListRequest*, grpc::ServerWriter<v1::ListAnswer>* w) override {
    if (!listed.has_value()) return Many(w);
    w->Write(*listed);
    return grpc::Status::OK;
  }
  grpc::Status Log(Context*, const v1::LogRequest*, grpc::ServerWriter<v1::LogAnswer>* w) override {
    if (!log.has_value()) return Many(w);
    w->Write(*log);
    return grpc::Status::OK;
  }
  grpc::Status Statement(Context*, const v1::StatementRequest*,
                         grpc::ServerWriter<v1::StatementAnswer>* w) override {
    if (!statement.has_value()) return Many(w);
    w->Write(*statement);
    return grpc::Status::OK;
  }
  grpc::Status Registers(Context*, const v1::RegistersRequest* request,
                         grpc::ServerWriter<v1::RegistersAnswer>* w) override {
    if (lie.as_asked) lie.of = request->register_();
    asked_as_of_.reset();
    if (request->has_as_of()) asked_as_of_ = request->as_of();
    return Many(w);
  }
  grpc::Status Pledges(Context*, const v1::PledgesRequest*,
                       grpc::ServerWriter<v1::PledgesAnswer>* w) override {
    if (!pledges.has_value()) return Many(w);
    w->Write(*pledges);
    return grpc::Status::OK;
  }
  grpc::Status Needs(Context*, const v1::NeedsRequest*, grpc::ServerWriter<v1::NeedsAnswer>* w) override {
    if (!needs.has_value()) return Many(w);
    w->Write(*needs);
    return grpc::Status::OK;
  }
  grpc::Status MissingGroups(Context*, const v1::MissingGroupsRequest*,
                             grpc::ServerWriter<v1::MissingGroupsAnswer>* w) override {
    if (!missing.has_value()) return Many(w);
    w->Write(*missing);
    return grpc::Status::OK;
  }
  grpc::Status Keys(Context*, const v1::KeysRequest*, grpc::ServerWriter<v1::KeyAnswer>* w) override {
    if (!keys.has_value()) return Many(w);
    w->Write(*keys);
    return grpc::Status::OK;
  }
  grpc::Status Records(Context*, const v1::RecordsRequest*,
                       grpc::ServerWriter<v1::RecordsAnswer>* w) override {
    return Many(w);
  }
  grpc::Status Submit(Context*, const v1::SubmitRequest*, v1::Receipt* a) override { return One(a); }
  grpc::Status Try(Context*, const v1::SubmitRequest*, v1::Record* a) override { return One(a); }

 private:
  std::optional<std::uint64_t> asked_as_of_;  // of registers, by the last question
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

const std::string kPay =
    "pay --from donor --to hub --amount 1 --asset CNY --fund winter --key clerk --as root";

// Every command that asks a server.
std::vector<std::string> Commands(const Desk& desk, const std::string& address) {
  const std::string at = "--timeout 3 --server " + address + " ";
  std::vector<std::string> all;
  for (const char* json : {"", "--json "}) {
    for (const char* command :
         {"show 1",
          "list",
          "list --limit 0",
          "balance hub",
          "statement hub",
          "trace from 1.1",
          "trace to --party hub",
          "party show hub",
          "party show hub --versions",
          "party list",
          "party tree",
          "party list --as-of 1",
          "fund list",
          "fund show winter",
          "place list",
          "category tree",
          "asset list",
          "need list",
          "project show lunches",
          "project money lunches",
          "project money",
          "coverage",
          "coverage --by cell",
          "who-answers dafang EDU",
          "standing lunches",
          "evaluations --group check",
          "participation",
          "search hub",
          "summary",
          "top",
          "series",
          "idle",
          "findings",
          "deployment idle",
          "deployment short",
          "deployment matrix",
          "deployment matrix --place dafang --category EDU",
          "fragmentation dafang EDU",
          "match --asset CNY",
          "needs",
          "needs n",
          "pledges",
          "pledges donor",
          "key list",
          "key list --as-of 1",
          "key list --all",
          "flows",
          "flows --by year",
          "flows --since 2025-01-01 --until 2025-12-31 --against 2024-01-01..2024-12-31",
          "committed",
          "committed --by year",
          "log",
          "log 1..",
          "ledger-key list",
          "checkpoint",
          "checkpoint --cosigned",
          "proof 1 --out proof-file",
          "consistency kept"})
      all.push_back(at + json + command);
    all.push_back(at + json + kPay);
    all.push_back(at + json + "submit entry.yaml --key clerk --as root");
    all.push_back(at + json + "submit entry.yaml --key clerk --as root --dry-run");
    all.push_back(at + json + "import csv rows.csv --key clerk --as root");
    all.push_back("--timeout 3 " + std::string(json) + "verify " + address + " --vkey " + VkeyOf(desk));
    all.push_back("--timeout 3 " + std::string(json) + "clone " + address + " copy --vkey " + VkeyOf(desk));
  }
  for (const char* command :
       {"list --csv",
        "balance hub --csv",
        "statement hub --csv",
        "trace from 1.1 --format flows",
        "trace from 1.1 --format paths",
        "trace from 1.1 --format csv",
        "trace to 1.1 --format json",
        "trace from 1.1 --format json --hops 3",
        "trace from 1.1 --format svg",
        "trace from 1.1 --format html",
        "trace from 1.1 --format dot",
        "party list --csv",
        "place tree --csv",
        "need list --csv",
        "coverage --csv",
        "who-answers dafang --csv",
        "evaluations --csv",
        "search hub --csv",
        "log --csv",
        "summary --csv",
        "top --csv",
        "series --csv",
        "idle --csv",
        "findings --csv",
        "deployment idle --csv",
        "deployment short --csv",
        "deployment matrix --csv",
        "fragmentation dafang --csv",
        "match --asset CNY --csv",
        "needs --csv",
        "need add n --owner hub --place a --category b --asset CNY --amount 1.00 --key clerk --as root",
        "need verify n --key clerk --as root",
        "project approve lunches --key clerk --as root",
        "party add new --name New --key clerk",
        "fund add new --name New --key clerk",
        "party amend hub --name New --key clerk --as root",
        "party end hub --key clerk --as root",
        "asset add EUR --key clerk",
        "import registers party parties.csv --key clerk --as root",
        "consistency kept --vkey KEY",
        "pay --from a --to b --amount 1 --asset CNY --fund f --key clerk"})
    all.push_back(at + command);
  return all;
}

TEST_CASE("a server that lies in every field: nothing that it says is obeyed, held without end or believed") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("kept", desk.Run("--ledger l checkpoint").out);
  desk.write("entry.yaml", "memo: m\nactions:\n- declare_asset: {code: EUR, decimals: 2}\n");
  desk.write("parties.csv", "id,name\nnew,New\n");
  desk.write("rows.csv", "date,from,to,amount,asset,fund\n2026-01-02,donor,hub,1,CNY,winter\n");
  Liar liar;
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const auto error = [](grpc::StatusCode code, const std::string& text) {
    Lie lie;
    lie.error = grpc::Status(code, text);
    lie.in_json = false;
    return lie;
  };
  const auto numbers = [](std::uint64_t number) {
    Lie lie{{"x", number, 2, 4}, {}, 0};
    lie.in_json = false;
    return lie;
  };
  const Lie jumping{{"text", 1, 3, 3}, {}, 0x7fffffff};
  Lie refusing;
  refusing.error = server::ToGrpc(model::Refuse(v1::ID_REUSED, kControls, kControls + " record 1"));
  const std::vector<std::pair<const char*, Lie>> lies = {
      {"control characters", {{kControls, most, 2, 4}, {}, 0}},
      {"characters that reorder, -1", {{kReordering, most, 2, 4}, {}, 0}},
      {"the least numbers", numbers(std::uint64_t{1} << 63)},
      {"2^32-1", numbers(0xffffffff)},
      {"nothing at all", {{"", 0, 2, 3}, {}, 0}},
      {"100 KB in each text", {{std::string(100'000, 'x'), 3, 2, 2}, {}, 0}},
      {"a megabyte in each text", {{std::string(1 << 20, 'x'), 3, 1, 1}, {}, 0}},
      {"a tree that jumps", jumping},
      {"an error with control characters", error(grpc::StatusCode::INVALID_ARGUMENT, kControls)},
      {"data loss with a megabyte",
       error(grpc::StatusCode::DATA_LOSS, std::string(8'000, 'x') + kReordering)},
      {"a refusal with control characters", refusing},
  };
  const auto commands = Commands(desk, liar.address());
  // Every command meets text that could harm a terminal, and the longest. Of the other lies each meets a third of the commands, by
  // turns: what they are about is looked at in one place for all. With FUNDTRAIL_EVERY_LIE, as in `./check --all`, each meets all.
  const std::set<std::string> to_all{lies[0].first, lies[1].first, "a megabyte in each text"};
  const std::size_t turns = std::getenv("FUNDTRAIL_EVERY_LIE") != nullptr ? 1 : 3;
  std::size_t turn = 0;
  for (const auto& [what, lie] : lies) {
    ++turn;
    for (std::size_t i = 0; i < 2 * commands.size(); ++i) {
      const std::string& command = commands[i / 2];
      if (to_all.count(what) == 0 && (i / 2 + turn) % turns != 0) continue;
      liar.lie = lie;
      liar.lie.as_asked = liar.lie.as_of_asked = i % 2 == 1;
      const bool of_register =
          Has(command, " list") || Has(command, " tree") || Has(command, "party ") || Has(command, "fund ");
      if (liar.lie.as_asked && (!of_register || lie.error.has_value())) continue;
      if (!lie.in_json && Has(command, " --json ")) continue;
      for (const char* made : {"proof-file", "copy", "rows.csv.rejects.csv", "parties.csv.rejects.csv"})
        std::filesystem::remove_all(desk.path(made));
      const auto start = std::chrono::steady_clock::now();
      const Ran ran = desk.Run(command);
      const auto took = std::chrono::steady_clock::now() - start;
      INFO(what << ": " << command << "\n"
                << ran.exit << "\n"
                << ran.out.substr(0, 2'000) << "\n"
                << ran.err.substr(0, 2'000));
      CHECK(ran.exit >= 0);
      CHECK(ran.exit <= 3);
      CHECK(Obeyed(ran.out).empty());
      CHECK(Obeyed(ran.err).empty());
      CHECK_FALSE((ran.exit != 0 && ran.err.empty() && ran.out.empty()));
      CHECK(took < std::chrono::seconds(20));
      CHECK_FALSE(std::filesystem::exists(desk.path("proof-file")));
    }
  }
  // KB, of the largest. What begins as a copy of a test under the sanitizers may be as large as that.
  bool sanitized = false;
#ifdef __has_feature
#if __has_feature(address_sanitizer)
  sanitized = true;
#endif
#endif
  struct rusage used {};
  REQUIRE(getrusage(RUSAGE_CHILDREN, &used) == 0);
  if (!sanitized) CHECK(used.ru_maxrss < 400'000);
}

TEST_CASE("answers that cannot be true are told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer"));
    CHECK_THAT(ran.err, Contains(words));
  };
  liar.lie = {{kControls, 1, 1, 3}, {}, 0};
  told("balance hub",
       "its field fundtrail.v1.CheckpointRef.ledger has control characters, which no ledger takes");
  liar.lie = {{"x", 1, 3, 3}, {}, 0};
  told("balance hub", "what was received less what was paid is not what is held");
  told("statement hub", "the lines do not have the totals");
  told("trace from 1.1", "what ended is not what was asked");
  told("party tree", "it is as of another record than was asked for");
  liar.lie.as_of_asked = true;
  told("party tree", "a line is of another register than was asked about");
  liar.lie.depth_step = 5;
  liar.lie.as_asked = true;
  told("party tree", "5 levels down, and the one before it 0");
  liar.lie.as_of_asked = false;
  told("party tree --as-of 2", "it is as of another record than was asked for");
  liar.lie = {{"x", 1, 200, 3}, {}, 0};
  told("list", "more transfers than were asked for");

  // Numbers that add up, and say too much of how money ended or of what is committed.
  const auto balance = [&](const std::function<void(v1::BalanceLine*)>& change) {
    auto* line = liar.balance.emplace().add_lines();
    line->set_received(10);
    line->set_drawn(4);
    line->set_held(6);
    line->set_committed_held(6);
    change(line);
  };
  balance([](v1::BalanceLine*) {});
  CHECK(desk.Run(at + "balance hub").exit == 0);
  for (const auto& change : std::vector<std::function<void(v1::BalanceLine*)>>{
           [](v1::BalanceLine* line) { line->set_committed_received(11); },
           [](v1::BalanceLine* line) { line->set_committed_drawn(5); },
           [](v1::BalanceLine* line) { line->set_committed_held(7); },
           [](v1::BalanceLine* line) { line->set_committed_held(-1); }}) {
    balance(change);
    told("balance hub", "more is committed than there is");
  }
  for (const auto& change : std::vector<std::function<void(v1::BalanceLine*)>>{
           [](v1::BalanceLine* line) { line->set_undone_received(5); },
           [](v1::BalanceLine* line) { line->set_undone_drawn(11); },
           [](v1::BalanceLine* line) { line->set_undone_drawn(-1); }}) {
    balance(change);
    told("balance hub", "more is undone than went back");
  }
  // The parts of what is held.
  const auto parts = [](std::int64_t frozen, std::int64_t frozen_kept, std::int64_t kept,
                        std::int64_t spendable) {
    return [=](v1::BalanceLine* line) {
      line->set_frozen(frozen);
      line->set_frozen_kept(frozen_kept);
      line->set_kept(kept);
      line->set_spendable(spendable);
    };
  };
  balance(parts(6, 2, 0, 0));
  CHECK(desk.Run(at + "balance hub").exit == 0);
  for (const auto& change : {parts(6, 0, 0, 1), parts(0, 0, 1, 6), parts(0, 0, 0, 5)}) {
    balance(change);
    told("balance hub", "what is frozen, kept and spendable is not what is held");
  }
  for (const auto& change : {parts(6, 7, 0, 0), parts(-1, 0, 1, 6), parts(8, 0, 0, -2)}) {
    balance(change);
    told("balance hub", "a part of what is held is more than it, or less than nothing");
  }
  balance([](v1::BalanceLine* line) { line->set_spendable(6); });
  told("balance hub", "a part of what is held is more than it, or less than nothing");
  // By value dates more can have gone out by a day than had come in: that is no lie, and nothing of it is held.
  balance([](v1::BalanceLine* line) {
    line->set_received(0);
    line->set_drawn(40);
    line->set_held(-40);
    line->clear_committed_held();
  });
  CHECK(desk.Run(at + "balance hub --as-of 2026-02-02").exit == 0);
  liar.balance->mutable_lines(0)->set_committed_held(0);
  told("balance hub", "more is committed than there is");
  // What a project's transfers come to: two are listed.
  const auto list = [&](const std::function<void(v1::ListAnswer*)>& change) {
    v1::ListAnswer& made = liar.listed.emplace();
    for (const std::int64_t amount : {7, 3}) {
      made.add_transfers()->mutable_transfer()->set_asset("CNY");
      made.mutable_transfers(made.transfers_size() - 1)->mutable_transfer()->set_amount(amount);
    }
    v1::LogMoney* const money = made.add_sums();
    money->set_asset("CNY");
    money->mutable_paid()->set_transfers(2);
    money->mutable_paid()->set_amount(10);
    change(&made);
  };
  list([](v1::ListAnswer*) {});
  CHECK(desk.Run(at + "list --project lunches").exit == 0);
  told("list", "it adds up, which was not asked for");
  for (const auto& change : std::vector<std::function<void(v1::ListAnswer*)>>{
           [](v1::ListAnswer* made) { made->mutable_sums(0)->mutable_paid()->set_amount(11); },
           [](v1::ListAnswer* made) { made->mutable_sums(0)->mutable_paid()->set_transfers(3); },
           [](v1::ListAnswer* made) { made->mutable_sums(0)->set_asset("EUR"); }}) {
    list(change);
    told("list --project lunches", "the sums are not those of the transfers");
  }
  list([](v1::ListAnswer* made) { made->mutable_sums(0)->mutable_moved()->set_transfers(1); });
  told("list --project lunches", "a sum cannot be of so many transfers");
  list([](v1::ListAnswer* made) { *made->add_sums() = made->sums(0); });
  told("list --project lunches", "the sums do not stand in their order");
  // Of a part of the list they may be of more, and not of less.
  list([](v1::ListAnswer* made) {
    made->set_next("9.1");
    made->mutable_sums(0)->mutable_paid()->set_transfers(5);
    made->mutable_sums(0)->mutable_paid()->set_amount(50);
  });
  CHECK(desk.Run(at + "list --project lunches").exit == 0);
  list([](v1::ListAnswer* made) {
    made->set_next("9.1");
    made->mutable_sums(0)->mutable_paid()->set_amount(9);
  });
  told("list --project lunches", "the sums are less than those of the transfers that are shown");

  // What ends at a recipient or a source lies there once, and nobody holds it.
  balance([](v1::BalanceLine* line) { line->set_reached(6); });
  CHECK(desk.Run(at + "balance hub").exit == 0);
  for (const auto& change : std::vector<std::function<void(v1::BalanceLine*)>>{
           [](v1::BalanceLine* line) { line->set_reached(5); },
           [](v1::BalanceLine* line) { line->set_ends_here(7); },
           [](v1::BalanceLine* line) { line->set_returned(-6); },
           [](v1::BalanceLine* line) {
             line->set_reached(3);
             line->set_ends_here(3);
           },
           [&](v1::BalanceLine* line) {
             parts(0, 0, 0, 6)(line);
             line->set_reached(6);
           }}) {
    balance(change);
    told("balance hub", "what ends there is not what lies there");
  }
  auto* statement = liar.statement.emplace().add_statements();
  statement->mutable_account()->set_party("hub");
  statement->add_lines()->set_amount(5);  // what a SOURCE brought in
  statement->set_minted(5);
  statement->set_committed_minted(5);
  CHECK(desk.Run(at + "statement hub").exit == 0);
  for (const char* other :
       {"statement village", "statement hub --project lunches", "statement hub --fund winter"})
    told(other, "which was not asked for");
  for (const auto set : {&v1::Statement::set_committed_in, &v1::Statement::set_committed_out}) {
    v1::Statement* spoilt = liar.statement->mutable_statements(0);
    (spoilt->*set)(1);
    told("statement hub", "more is committed than there is");
    (spoilt->*set)(0);
  }
  statement->set_committed_minted(6);
  told("statement hub", "more is committed than there is");
  const auto trace = [&](const std::function<void(v1::AssetTrace*)>& change) {
    liar.trace.emplace().set_direction(v1::FROM);
    auto* asset = liar.trace->add_assets();
    asset->set_asked(10);
    asset->set_reached(10);
    auto* end = asset->add_ends();
    end->set_kind(v1::REACHED);
    end->set_amount(10);
    end->set_committed(3);
    asset->mutable_committed()->set_reached(3);
    change(asset);
  };
  trace([](v1::AssetTrace*) {});
  CHECK(desk.Run(at + "trace from 1.1").exit == 0);
  for (const auto& change : std::vector<std::function<void(v1::AssetTrace*)>>{
           [](v1::AssetTrace* asset) { asset->mutable_ends(0)->set_kind(v1::ENDS_HERE); },
           [](v1::AssetTrace* asset) { asset->mutable_ends(0)->set_committed(0); },
           [](v1::AssetTrace* asset) { asset->mutable_committed()->set_held(1); },
           [](v1::AssetTrace* asset) {
             asset->mutable_ends(0)->set_committed(11);
             asset->mutable_committed()->set_reached(11);
           }}) {
    trace(change);
    told("trace from 1.1", "a sum is not that of the ends of its kind");
  }
  trace([](v1::AssetTrace* asset) { asset->mutable_committed()->set_asked(11); });
  told("trace from 1.1", "more is committed than was asked for");
  trace([](v1::AssetTrace* asset) { asset->set_came_round(-1); });
  told("trace from 1.1", "less than nothing came round again");
  trace([](v1::AssetTrace*) {});
  told("trace to 1.1", "it goes another way than was asked for");
  told("trace from 1.1 --format svg", "there are layers that were not asked for, or none that were");

  // Whole flows by hop: ten came, four went on.
  const auto layers = [&](const std::function<void(v1::AssetTrace*)>& change) {
    liar.trace.emplace().set_direction(v1::FROM);
    auto* asset = liar.trace->add_assets();
    asset->set_asset("CNY");
    asset->set_asked(10);
    asset->set_held(6);
    asset->set_reached(4);
    const auto account = [](const char* party, v1::Account* of) {
      of->set_party(party);
      of->set_asset("CNY");
    };
    const auto end = [&](const char* party, v1::EndKind kind, std::int64_t amount, v1::TraceEnd* of) {
      of->set_kind(kind);
      of->set_amount(amount);
      account(party, of->mutable_account());
    };
    const auto flow = [&](const char* from, const char* to, std::int64_t amount, v1::TraceFlow* of) {
      if (*from != 0) account(from, of->mutable_from());
      account(to, of->mutable_to());
      of->set_amount(amount);
      of->set_transfers(1);
    };
    end("hub", v1::HELD, 6, asset->add_ends());
    end("village", v1::REACHED, 4, asset->add_ends());
    flow("hub", "village", 4, asset->add_flows());
    auto* first = asset->add_layers();
    flow("", "hub", 10, first->add_flows());
    end("hub", v1::HELD, 6, first->add_ends());
    auto* second = asset->add_layers();
    second->set_hop(1);
    flow("hub", "village", 4, second->add_flows());
    end("village", v1::REACHED, 4, second->add_ends());
    change(asset);
  };
  layers([](v1::AssetTrace*) {});
  told("trace from 1.1", "there are layers that were not asked for, or none that were");
  for (const char* format : {"svg", "html"}) {
    const Ran drawn = desk.Run(at + "trace from 1.1 --format " + format);
    CHECK(drawn.exit == 0);
    CHECK_THAT(drawn.out, Contains("</svg>\n"));
  }
  CHECK(desk.Run(at + "--json trace from 1.1 --hops 1").exit == 0);
  const std::vector<std::pair<std::string, std::function<void(v1::AssetTrace*)>>> lies{
      {"the layers are not those of one hop after another",
       [](v1::AssetTrace* asset) { asset->mutable_layers(1)->set_hop(2); }},
      {"the layers are not those of one hop after another",
       [](v1::AssetTrace* asset) { asset->mutable_layers(1)->set_beyond(1); }},
      {"what came to hop 0 is not what went on from the hop before",
       [](v1::AssetTrace* asset) {
         asset->mutable_layers(0)->mutable_flows(0)->mutable_from()->set_party("donor");
       }},
      {"what came to hop 1 is not what went on from the hop before",
       [](v1::AssetTrace* asset) {
         asset->mutable_layers(1)->mutable_flows(0)->mutable_from()->set_party("other");
       }},
      {"a flow of a layer has no amount, or more is committed than there is",
       [](v1::AssetTrace* asset) { asset->mutable_layers(1)->mutable_flows(0)->set_committed(5); }},
      {"an end in a layer has no amount, or more is committed than there is",
       [](v1::AssetTrace* asset) { asset->mutable_layers(1)->mutable_ends(0)->set_amount(-4); }},
      {"more ends at hop 1 than came there",
       [](v1::AssetTrace* asset) {
         asset->mutable_layers(1)->mutable_ends(0)->mutable_account()->set_party("hub");
       }},
      {"at hop 0, what came is not what ends and what goes on",
       [](v1::AssetTrace* asset) { asset->mutable_layers(0)->mutable_flows(0)->set_amount(11); }},
      {"at hop 1, what came is not what ends and what goes on",
       [](v1::AssetTrace* asset) { asset->mutable_layers(1)->mutable_ends(0)->set_amount(3); }},
      {"the layers are not the flows and the ends of the trace",
       [](v1::AssetTrace* asset) { asset->mutable_flows(0)->mutable_to()->set_party("other"); }},
      {"the layers are not the flows and the ends of the trace",
       [](v1::AssetTrace* asset) { asset->mutable_layers(1)->mutable_ends(0)->set_kind(v1::HELD); }}};
  for (const auto& [words, change] : lies) {
    layers(change);
    told("trace from 1.1 --format json --hops 3", words);
  }
}

TEST_CASE("keys that cannot be true are told, not shown, and decide nothing") {
  const Desk desk;
  const std::string clerk = desk.Run("keygen --out clerk").out.substr(0, 64);
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  const auto answer = [&](const std::function<void(v1::KeyAnswer*)>& change) {
    v1::KeyAnswer& made = liar.keys.emplace();
    made.set_as_of_record(5);
    made.set_root_threshold(1);
    for (const char* party : {"county", "root"}) {
      auto* line = made.add_keys();
      line->set_public_key(std::string(32, 'k'));
      line->set_party(party);
      line->set_record(5);
    }
    made.mutable_keys(0)->add_permissions(v1::PAY);
    made.mutable_keys(1)->set_root(true);
    change(&made);
  };
  const std::string list = "key list --as-of 5";
  answer([](v1::KeyAnswer*) {});
  CHECK(desk.Run(at + list).exit == 0);
  told("key list", "it is as of another record than was asked for");
  told("key list --as-of 4", "it is as of another record than was asked for");
  told(list + " --party county", "for root, it was not asked for");
  told(list + " --limit 1", "it has more keys than were asked for");
  const std::pair<std::function<void(v1::KeyAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_keys(0)->set_public_key("k"); }, "a line is of no key"},
      {[](auto* a) { a->mutable_keys(0)->set_record(6); }, "for county, it was given later"},
      {[](auto* a) { a->mutable_keys(1)->add_permissions(v1::PAY); },
       "for root, a root key has permissions of its own"},
      {[](auto* a) { a->mutable_keys(1)->set_party("county"); }, "for county, it is out of order"},
      {[](auto* a) { a->mutable_keys(1)->set_public_key(std::string(32, 'a')); },
       "for root, it is out of order"}};
  for (const auto& [change, words] : kLies) {
    answer(change);
    told(list, words);
  }
  // Whom a key speaks for is asked by its public key: another key's party signs nothing.
  answer([](v1::KeyAnswer* a) {
    a->clear_as_of_record();
    a->mutable_keys()->DeleteSubrange(1, 1);
  });
  told("party add new --name New --key clerk", "for county, it was not asked for");
  liar.keys->mutable_keys(0)->set_public_key(*HexDecode(clerk));
  CHECK_THAT(desk.Run(at + "party add new --name New --key clerk").err, !Contains("it was not asked for"));
}

TEST_CASE("coverage and the money of a project that cannot be true are told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };

  const std::string money = "project money lunches";
  const auto answer = [&](const std::function<void(v1::ProjectMoneyAnswer*)>& change) {
    v1::ProjectMoneyAnswer& made = liar.money.emplace();
    made.set_on("2026-03-01");
    made.mutable_project()->mutable_action()->mutable_propose_project()->set_id("lunches");
    auto* said = made.mutable_project()->add_attestations();
    said->mutable_action()->mutable_report_progress()->set_project("lunches");
    auto* totals = made.add_totals();
    totals->set_asset("CNY");
    totals->set_minted(10);
    totals->set_unrecorded(10);
    totals->set_held(6);
    totals->set_reached(4);
    auto* holding = made.add_holdings();
    holding->set_held(6);
    holding->mutable_account()->set_asset("CNY");
    holding->mutable_account()->set_project("lunches");
    change(&made);
  };
  answer([](v1::ProjectMoneyAnswer*) {});
  CHECK(desk.Run(at + money).exit == 0);
  told(money + " --as-of 3", "it is as of another record than was asked for");
  told(money + " --on 2026-03-02", "it is of another day than was asked for");
  told("project money coats", "it is of another project than was asked for");
  told("project money", "it is of another project than was asked for");
  const std::pair<std::function<void(v1::ProjectMoneyAnswer*)>, const char*> kMoneyLies[] = {
      {[](auto* a) { a->mutable_totals(0)->set_minted(11); }, "what came in is not what lies somewhere"},
      {[](auto* a) { a->mutable_totals(0)->set_unrecorded(11); }, "a part is more than its whole"},
      {[](auto* a) { a->mutable_totals(0)->set_committed_in(11); }, "a part is more than its whole"},
      {[](auto* a) { a->mutable_totals(0)->set_ended(-1); }, "a sum is below zero"},
      {[](auto* a) { *a->add_totals() = a->totals(0); }, "it has the sums of CNY twice"},
      {[](auto* a) { a->mutable_holdings(0)->set_held(5); }, "the accounts do not hold what is held"},
      {[](auto* a) {
         a->mutable_holdings(0)->set_held(7);
         a->set_more_holdings(1);
       },
       "the accounts do not hold what is held"},
      {[](auto* a) { a->mutable_holdings(0)->mutable_account()->set_project(""); },
       "is not an account of the project"},
      {[](auto* a) {
         a->mutable_project()
             ->mutable_attestations(0)
             ->mutable_action()
             ->mutable_report_progress()
             ->set_project("coats");
       },
       "what was said about the project is about something else"},
      {[](auto* a) { a->mutable_verdict()->set_frozen(true); }, "there is a verdict that says nothing"},
      {[](auto* a) { a->mutable_verdict()->set_counts_as(v1::Evaluate::SUSPEND); },
       "what is frozen does not follow from the verdict"},
  };
  for (const auto& [change, words] : kMoneyLies) {
    answer(change);
    told(money, words);
    told("project show lunches", words);
  }
  // With a target and what was reported of it.
  const auto reported = [&](const std::function<void(v1::ProjectMoneyAnswer*)>& lie) {
    answer([&](v1::ProjectMoneyAnswer* a) {
      auto* target = a->mutable_project()->mutable_action()->mutable_propose_project()->add_targets();
      target->set_indicator("pupils");
      target->set_target(400);
      auto* result = a->add_results();
      *result->mutable_target() = *target;
      result->set_reported(120);
      result->set_ratio(3'000);
      result->set_reports(2);
      result->set_newest(5);
      lie(a);
    });
  };
  reported([](v1::ProjectMoneyAnswer*) {});
  CHECK(desk.Run(at + "project show lunches").exit == 0);
  const std::pair<std::function<void(v1::ProjectMoneyAnswer*)>, const char*> kResultLies[] = {
      {[](auto* a) { a->clear_results(); }, "it does not have one result for each target of the project"},
      {[](auto* a) { *a->add_results() = a->results(0); }, "it does not have one result for each target"},
      {[](auto* a) { a->mutable_results(0)->mutable_target()->set_target(4); },
       "the result is of another one"},
      {[](auto* a) { a->mutable_results(0)->set_reports(0); }, "there is a number without reports"},
      {[](auto* a) { a->mutable_results(0)->clear_newest(); }, "there is a number without reports"},
      {[](auto* a) { a->mutable_results(0)->set_reported(-1); }, "less than nothing was reported"},
      {[](auto* a) { a->mutable_results(0)->clear_ratio(); },
       "a ratio is there without a target, or is missing"},
      {[](auto* a) { a->mutable_results(0)->set_ratio(3'001); },
       "the ratio is not that of what was reported"},
  };
  for (const auto& [change, words] : kResultLies) {
    reported(change);
    told(money, words);
  }

  const auto coverage = [&](const std::function<void(v1::CoverageAnswer*)>& change) {
    v1::CoverageAnswer& made = liar.coverage.emplace();
    made.set_on("2026-03-01");
    made.set_asset("CNY");
    for (v1::CoverageLine* line : {made.add_lines(), made.mutable_total()}) {
      line->set_state(v1::UNDER);
      line->mutable_figures()->set_asked(100);
      line->mutable_figures()->set_placed(40);
      line->mutable_figures()->set_reached(10);
      line->mutable_figures()->set_gap(60);
      line->mutable_figures()->set_ratio(4'000);
    }
    made.set_general(20);
    made.set_brought_in(65);
    made.set_with_sources(5);
    change(&made);
  };
  coverage([](v1::CoverageAnswer*) {});
  CHECK(desk.Run(at + "coverage").exit == 0);
  told("coverage --as-of 3", "it is as of another record than was asked for");
  told("coverage --on 2026-03-02", "it is of another day than was asked for");
  told("coverage --asset USD", "it is of another asset than was asked for");
  // What stands in no place of today, or is shared, asks and has money, and has no state.
  for (const auto kind : {v1::CoverageLine::UNSPECIFIED, v1::CoverageLine::SHARED}) {
    const auto in_no_cell = [&](v1::CoverageState state) {
      coverage([&](v1::CoverageAnswer* a) {
        a->mutable_lines(0)->set_kind(kind);
        a->mutable_lines(0)->set_state(state);
      });
    };
    in_no_cell(v1::COVERAGE_STATE_UNSPECIFIED);
    CHECK(desk.Run(at + "coverage --places today").exit == 0);
    in_no_cell(v1::UNDER);
    told("coverage --places today", "it stands in no cell, and has a state");
  }
  const auto figures = [](v1::CoverageAnswer* a) { return a->mutable_lines(0)->mutable_figures(); };
  const std::pair<std::function<void(v1::CoverageAnswer*)>, const char*> kCoverageLies[] = {
      {[](auto* a) { a->set_general(21); }, "what lies somewhere is not what was brought in"},
      {[](auto* a) { a->set_unrecorded(66); }, "a part is more than its whole"},
      {[](auto* a) { a->set_elsewhere(-1); }, "a sum is below zero"},
      {[](auto* a) { *a->add_lines() = a->lines(0); }, "the lines do not add up to the total"},
      {[&](auto* a) { figures(a)->set_gap(61); }, "the gap is not what is asked less what is placed"},
      {[&](auto* a) { figures(a)->set_ratio(4'001); }, "the ratio is not that of"},
      {[&](auto* a) { figures(a)->clear_ratio(); },
       "a ratio is there without an amount that is asked, or is missing"},
      {[&](auto* a) { figures(a)->set_reached(41); }, "more is reached or committed than is placed"},
      {[&](auto* a) { figures(a)->set_direct(41); }, "more was paid straight for needs than is placed"},
      {[&](auto* a) { figures(a)->set_direct(11); },
       "more was paid straight for needs than reached recipients"},
      {[&](auto* a) { figures(a)->set_direct(3); }, "the lines do not add up to the total"},
      {[&](auto* a) { figures(a)->set_people_at_least(1); }, "the fewest people are more than the most"},
      {[&](auto* a) { figures(a)->set_severity(6); }, "the severity is not from 1 to 5"},
      {[&](auto* a) { figures(a)->set_promised(-1); }, "a sum is below zero"},
      {[&](auto* a) { figures(a)->set_promised(1); }, "the lines do not add up to the total"},
      {[](auto* a) { a->mutable_lines(0)->set_state(v1::COVERED); },
       "the state does not follow from the ratio"},
  };
  for (const auto& [change, words] : kCoverageLies) {
    coverage(change);
    told("coverage", words);
  }
}

TEST_CASE("fragmentation: what cannot be true is told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  const auto say = [&](const std::function<void(v1::FragmentationAnswer*)>& change) {
    v1::FragmentationAnswer& made = liar.hands.emplace();
    made.set_on("2026-03-01");
    made.set_place("dafang");
    made.set_category("EDU");
    made.set_asset("CNY");
    made.set_placed(40);
    for (int kind = v1::FragmentationLine::POLICIES; kind <= v1::FragmentationLine::ANNOUNCERS; ++kind) {
      auto* line = made.add_lines();
      line->set_kind(static_cast<v1::FragmentationLine::Kind>(kind));
      if (kind == v1::FragmentationLine::POLICIES) line->set_leads(0);
      line->set_count(2);
      const bool money = kind == v1::FragmentationLine::FUNDS || kind == v1::FragmentationLine::IMPLEMENTERS;
      line->add_parts()->set_amount(money ? 30 : 0);
      line->add_parts()->set_amount(money ? 10 : 0);
      if (!money) continue;
      line->set_effective(1'600);
      line->set_largest(7'500);
    }
    change(&made);
  };
  const std::string hands = "fragmentation dafang EDU";
  say([](v1::FragmentationAnswer*) {});
  CHECK(desk.Run(at + hands).exit == 0);
  told(hands + " --as-of 3", "it is as of another record than was asked for");
  told(hands + " --on 2026-03-02", "it is of another day than was asked for");
  told(hands + " --asset USD", "it is of another asset than was asked for");
  told("fragmentation dafang HEA", "it is of another place or category than was asked for");
  const auto funds = [](v1::FragmentationAnswer* a) { return a->mutable_lines(2); };
  const std::pair<std::function<void(v1::FragmentationAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_lines()->RemoveLast(); }, "it does not have one line for each kind"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "it does not have one line for each kind"},
      {[](auto* a) { a->set_placed(41); }, "the parts do not have all the money that is placed"},
      {[](auto* a) { a->mutable_lines(4)->mutable_parts(0)->set_amount(31); },
       "the parts have more money than is placed"},
      {[](auto* a) { a->mutable_lines(1)->set_count(3); }, "the parts are not as many as is said"},
      {[&](auto* a) { funds(a)->mutable_parts()->SwapElements(0, 1); }, "the most money does not come first"},
      {[&](auto* a) { funds(a)->set_largest(7'501); }, "the largest share is not that of the first"},
      {[&](auto* a) { funds(a)->set_effective(1'601); }, "the effective number does not follow"},
      {[&](auto* a) { funds(a)->clear_effective(); },
       "there are shares without money, or money without shares"},
      {[](auto* a) { a->mutable_lines(0)->set_leads(9); },
       "policies have no leads, or more than there are policies"},
      {[](auto* a) { a->mutable_lines(1)->set_effective(1'000); }, "there are shares without money"},
      {[](auto* a) { a->mutable_lines(5)->set_more_amount(5); }, "there is money of nobody"},
  };
  for (const auto& [change, words] : kLies) {
    say(change);
    told(hands, words);
  }
}

TEST_CASE("groups: what cannot be true is told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  const auto say = [&](const std::function<void(v1::GroupAnswer*)>& change) {
    v1::GroupAnswer& made = liar.group.emplace();
    made.set_on("2026-03-01");
    auto* group = made.mutable_group()->mutable_action()->mutable_form_group();
    group->set_id("g");
    group->set_kind(v1::FormGroup::COOPERATIVE);
    group->set_quorum(1);
    group->add_required_kinds(v1::GiveSeat::EXPERT);
    auto* seat = made.add_seats();
    auto* said = seat->mutable_seat()->mutable_action()->mutable_give_seat();
    said->set_id("s");
    said->set_group("g");
    said->set_party("p");
    said->set_kind(v1::GiveSeat::EXPERT);
    seat->set_state(v1::GroupSeat::ACCEPTED);
    seat->set_acts(3);
    seat->set_signed_(2);
    seat->set_attendance(6'666);
    made.set_acts(3);
    made.set_members(1);
    made.set_must_sign(1);
    made.set_can_act(true);
    change(&made);
  };
  say([](v1::GroupAnswer*) {});
  CHECK(desk.Run(at + "group members g").exit == 0);
  told("group members h", "it is of another group than was asked for");
  told("group members g --as-of 3", "it is as of another record than was asked for");
  told("group members g --on 2026-03-02", "it is of another day than was asked for");
  const std::pair<std::function<void(v1::GroupAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_seats(0)->set_attendance(6'667); }, "the attendance does not follow"},
      {[](auto* a) { a->mutable_seats(0)->set_signed_(4); },
       "its party came more often than the group acted"},
      {[](auto* a) { a->mutable_seats(0)->set_recused(1); },
       "its party came more often than the group acted"},
      {[](auto* a) { a->mutable_seats(0)->mutable_seat()->mutable_ended()->set_record(4); },
       "its state is not that of its period"},
      {[](auto* a) { a->mutable_seats(0)->set_state(v1::GroupSeat::OFFERED); },
       "the kinds that are missing do not follow"},
      {[](auto* a) { *a->add_seats() = a->seats(0); }, "it is listed twice"},
      {[](auto* a) {
         a->mutable_seats(0)->mutable_seat()->mutable_action()->mutable_give_seat()->set_group("h");
       },
       "it is one of another group"},
      {[](auto* a) { a->set_members(2); }, "the members are not those of the seats"},
      {[](auto* a) { a->set_must_sign(2); }, "another number must sign"},
      {[](auto* a) { a->set_can_act(false); }, "whether it can act does not follow"},
      {[](auto* a) { a->set_party_ended(true); }, "whether it can act does not follow"},
  };
  for (const auto& [change, words] : kLies) {
    say(change);
    told("group members g", words);
  }

  const auto say_missing = [&](const std::function<void(v1::MissingGroupsAnswer*)>& change) {
    v1::MissingGroupsAnswer& made = liar.missing.emplace();
    made.set_on("2026-03-01");
    made.set_level(4);
    made.set_kind(v1::FormGroup::COOPERATIVE);
    for (const char* place : {"a", "b"}) {
      auto* line = made.add_lines();
      line->set_place(place);
      line->set_needs(1);
    }
    made.set_places(5);
    made.set_with_need(3);
    made.set_with_group(1);
    change(&made);
  };
  say_missing([](v1::MissingGroupsAnswer*) {});
  CHECK(desk.Run(at + "missing groups").exit == 0);
  told("missing groups --level 3", "it is of another level or kind than was asked for");
  told("missing groups --kind assessment", "it is of another level or kind than was asked for");
  const std::pair<std::function<void(v1::MissingGroupsAnswer*)>, const char*> kMissing[] = {
      {[](auto* a) { a->mutable_lines(1)->set_place("a"); }, "is out of order"},
      {[](auto* a) { a->mutable_lines(1)->set_needs(0); }, "has no need"},
      {[](auto* a) { a->set_with_need(6); }, "a part is more than its whole"},
      {[](auto* a) { a->set_with_group(0); }, "it shows another number of places"},
      {[](auto* a) { a->set_with_group(2); }, "it shows another number of places"},
  };
  for (const auto& [change, words] : kMissing) {
    say_missing(change);
    told("missing groups", words);
  }
}

TEST_CASE("standing, evaluations and participation: what cannot be true is told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  v1::StandingAnswer standing;
  standing.set_on("2026-03-01");
  standing.set_register_("project");
  standing.set_id("lunches");
  standing.set_verdict(v1::Evaluate::SUSPEND);
  standing.set_frozen(true);
  standing.add_lines()->set_counts_as(v1::Evaluate::SUSPEND);
  liar.standing = standing;
  CHECK(desk.Run(at + "standing lunches").exit == 0);
  told("standing roofs", "it is of something else than was asked for");
  told("standing --party lunches", "it is of something else than was asked for");
  told("standing lunches --on 2026-03-02", "it is of another day than was asked for");
  liar.standing->set_verdict(v1::Evaluate::CONTINUE);
  told("standing lunches", "the verdict is not the strictest of those that stand");
  liar.standing = standing;
  liar.standing->set_frozen(false);
  told("standing lunches", "what is frozen does not follow from the verdict");
  liar.standing = standing;
  liar.standing->mutable_lines(0)->set_evaluation("e");
  liar.standing->mutable_lines(0)->mutable_bar()->set_earned("good");
  told("standing lunches", "evaluation e is not graded as it says");

  v1::EvaluationsAnswer evaluations;
  for (const char* id : {"a", "b"}) {
    auto* line = evaluations.add_lines();
    line->mutable_evaluation()->mutable_action()->mutable_evaluate()->set_id(id);
    line->mutable_evaluation()->mutable_action()->mutable_evaluate()->set_group("check");
  }
  liar.evaluations = evaluations;
  CHECK(desk.Run(at + "evaluations --group check").exit == 0);
  told("evaluations --group office", "evaluation a was not asked for");
  told("evaluations --standing", "evaluation a was not asked for");
  liar.evaluations->mutable_lines()->SwapElements(0, 1);
  told("evaluations", "evaluation a is out of order");
  liar.evaluations = evaluations;
  liar.evaluations->mutable_lines(1)->set_stands(true);
  liar.evaluations->mutable_lines(1)->set_annulled(true);
  told("evaluations", "evaluation b is annulled, and stands");
  liar.evaluations = evaluations;
  auto* capped = liar.evaluations->mutable_lines(1);
  capped->set_grade("fair");
  capped->mutable_bar()->set_earned("good");
  capped->mutable_bar()->set_concern("c");
  capped->mutable_bar()->set_kind(v1::RaiseConcern::DIVERSION);
  CHECK_THAT(
      desk.Run(at + "evaluations").out,
      Contains(
          "b would have the grade good. Concern c (diversion) was not answered in time, so it is at most "
          "fair.\n"));
  capped->mutable_bar()->set_earned("fair");
  told("evaluations", "evaluation b has a grade that is not capped as it says");

  v1::ParticipationAnswer participation;
  auto* asset = participation.add_assets();
  asset->set_asset("CNY");
  asset->set_brought(30);
  asset->set_sources(2);
  auto* kind = asset->add_kinds();
  kind->set_brought(30);
  kind->set_sources(2);
  kind->set_share(10'000);
  liar.participation = participation;
  CHECK(desk.Run(at + "participation").exit == 0);
  told("participation --fund winter", "it is of another fund, programme or project than was asked for");
  liar.participation->mutable_assets(0)->mutable_kinds(0)->set_share(9'999);
  told("participation", "in CNY, the shares are not the whole");
  liar.participation = participation;
  liar.participation->mutable_assets(0)->set_brought(31);
  told("participation", "in CNY, the kinds of sources are not all of them");
  liar.participation = participation;
  liar.participation->mutable_assets(0)->set_lasting(3);
  told("participation", "in CNY, a part is more than the whole");
  asset->set_pledges(3);
  asset->set_pledges_paid(2);
  asset->set_pledge_median_days(4);
  liar.participation = participation;
  CHECK_THAT(desk.Run(at + "participation").out,
             Contains("2 of 3 pledges were paid something under; half of them in 4 days or less.\n"));
  const std::string pledges = "in CNY, the pledges are not those of the whole ledger";
  liar.participation->mutable_assets(0)->set_pledges_paid(4);
  told("participation", pledges);
  liar.participation = participation;
  liar.participation->mutable_assets(0)->clear_pledge_median_days();
  told("participation", pledges);
  liar.participation = participation;
  liar.participation->set_fund("winter");
  told("participation --fund winter", pledges);
  participation.set_calls(3);
  participation.set_calls_answered(2);
  participation.set_call_median_days(1);
  liar.participation = participation;
  CHECK_THAT(
      desk.Run(at + "participation").out,
      Contains("2 of 3 calls were answered by a pledge that names it; half of them in 1 day or less.\n"));
  liar.participation->set_calls_answered(4);
  told("participation", "the calls are not those of the whole ledger");
  liar.participation = participation;
  liar.participation->clear_call_median_days();
  told("participation", "the calls are not those of the whole ledger");
}

TEST_CASE("findings that cannot be true are told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  // The hub holds 10 of 12, and the office 8 of 8.
  const auto made = [&](const std::function<void(v1::FindingsAnswer*)>& change) {
    v1::FindingsAnswer& answer = liar.findings.emplace();
    answer.set_on("2026-03-01");
    for (const char* party : {"hub", "office"}) {
      const bool hub = party == std::string("hub");
      v1::Finding* finding = answer.add_findings();
      finding->set_rule(v1::IDLE);
      finding->set_grade(v1::Finding::LOOK);
      finding->add_parties(party);
      finding->add_party_names(party);
      finding->set_fund("winter");
      finding->set_asset("CNY");
      finding->set_amount(hub ? 10 : 8);
      finding->set_compared(hub ? 12 : 8);
      finding->set_first("2025-01-01");
      finding->set_last("2025-01-02");
      for (const std::uint32_t line : {1, 2}) {
        finding->add_evidence()->set_record(4);
        finding->mutable_evidence(finding->evidence_size() - 1)->set_line(line);
      }
      finding->set_evidence_count(2);
    }
    v1::FindingRuleLine* rule = answer.add_rules();
    rule->set_rule(v1::IDLE);
    rule->set_look(2);
    for (const auto& [name, value] : {std::pair("days", 365), std::pair("serious_days", 730)}) {
      v1::FindingParameter* parameter = rule->add_parameters();
      parameter->set_name(name);
      parameter->set_value(value);
    }
    change(&answer);
  };
  made([](v1::FindingsAnswer*) {});
  CHECK(desk.Run(at + "findings").exit == 0);
  CHECK(desk.Run(at + "findings --csv --rule IDLE").exit == 0);
  told("findings --as-of 3", "it is as of another record than was asked for");
  told("findings --on 2026-03-02", "it is of another day than was asked for");
  told("findings --rule SPLIT", "the rule was not asked for");
  told("findings --party hub", "it names other parties than was asked for");
  told("findings --fund flood", "it is about another fund than was asked for");
  told("findings --set IDLE.days=90", "it used other parameters than were asked for");
  told("findings --rule IDLE --rule SPLIT", "a rule that was asked for is missing");
  const std::pair<std::function<void(v1::FindingsAnswer*)>, const char*> kFindingLies[] = {
      {[](auto* a) { a->mutable_findings(0)->clear_grade(); }, "it has no grade"},
      {[](auto* a) { a->mutable_findings(0)->clear_party_names(); }, "a party has no name"},
      {[](auto* a) { a->mutable_findings(0)->set_amount(-1); }, "an amount is below zero"},
      {[](auto* a) { a->mutable_findings(0)->set_amount(13); }, "a part is more than its whole"},
      {[](auto* a) { a->mutable_findings(0)->set_first("2025-01-03"); }, "its first day is after its last"},
      {[](auto* a) { a->mutable_findings(0)->set_evidence_count(3); }, "it lists more or fewer transfers"},
      {[](auto* a) { a->mutable_findings(0)->mutable_evidence()->SwapElements(0, 1); },
       "its transfers are out of order"},
      {[](auto* a) { a->mutable_findings()->SwapElements(0, 1); }, "findings are out of order"},
      {[](auto* a) { a->mutable_findings(1)->set_grade(v1::Finding::SERIOUS); }, "findings are out of order"},
      {[](auto* a) { a->mutable_rules(0)->set_look(3); }, "it counts other findings than it has"},
      {[](auto* a) { *a->add_rules() = a->rules(0); }, "it has a rule that was not asked for"},
      {[](auto* a) { a->mutable_rules(0)->mutable_parameters(0)->set_value(1); }, "it used other parameters"},
  };
  for (const auto& [change, words] : kFindingLies) {
    made(change);
    told("findings", words);
  }
}

TEST_CASE("sums that cannot be true are told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  // A holder that received 10 and paid 4, 3 of it committed; another that has 5.
  const auto holder = [](v1::TopLine* line) {
    line->set_party("hub");
    line->set_role(v1::HOLDER);
    line->set_asset("CNY");
    line->set_decimals(2);
    line->mutable_sums()->set_received(10);
    line->mutable_sums()->set_paid(4);
    line->mutable_sums()->set_committed_paid(3);
    line->mutable_sums()->set_held(6);
    line->mutable_sums()->set_transfers(2);
  };
  const auto top = [&](const std::function<void(v1::TopAnswer*)>& change) {
    v1::TopAnswer& made = liar.top.emplace();
    made.set_of(v1::TopRequest::BODIES);
    holder(made.add_lines());
    holder(made.add_lines());
    made.mutable_lines(1)->set_party("other");
    *made.mutable_lines(1)->mutable_sums() = v1::MoneySums();
    made.mutable_lines(1)->mutable_sums()->set_received(5);
    made.mutable_lines(1)->mutable_sums()->set_held(5);
    v1::TopTotal* total = made.add_totals();
    total->set_bodies(2);
    total->mutable_all()->set_asset("CNY");
    v1::MoneySums* all = total->mutable_all()->mutable_sums();
    all->set_received(15);
    all->set_paid(4);
    all->set_committed_paid(3);
    all->set_held(11);
    all->set_transfers(2);
    change(&made);
  };
  top([](v1::TopAnswer*) {});
  CHECK(desk.Run(at + "top").exit == 0);
  CHECK(desk.Run(at + "top --csv").exit == 0);
  top([](v1::TopAnswer* answer) { answer->set_in_all(1); });
  told("top", "more are shown than there are in all");
  top([](v1::TopAnswer*) {});
  told("top --as-of 3", "it is as of another record than was asked for");
  told("top --asset USD", "it was not asked for");
  told("top --role source", "it was not asked for");
  told("top --top 1", "more bodies are shown than were asked");
  told("top --by paid --top 0 --role recipient", "it was not asked for");
  const std::pair<std::function<void(v1::TopAnswer*)>, const char*> kTopLies[] = {
      {[](auto* a) { a->mutable_lines(0)->mutable_sums()->set_held(7); },
       "of hub in CNY, what came in is not what went out and what is there"},
      {[](auto* a) { a->mutable_lines(0)->mutable_sums()->set_committed_paid(5); },
       "a part is more than its whole"},
      {[](auto* a) { a->mutable_lines(0)->mutable_sums()->set_committed_transfers(3); },
       "a part is more than its whole"},
      {[](auto* a) {
         a->mutable_lines(0)->mutable_sums()->set_held(5);
         a->mutable_lines(0)->mutable_sums()->set_reached(1);
       },
       "there is money that its role does not have"},
      {[](auto* a) {
         a->mutable_lines(0)->mutable_sums()->set_before(1);
         a->mutable_lines(0)->mutable_sums()->set_held(7);
       },
       "something was there before the first record"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "it is not in the order"},
      {[](auto* a) { a->mutable_totals(0)->set_bodies(3); }, "the bodies are not as many as is said"},
      {[](auto* a) { a->mutable_totals(0)->set_left_out(1); }, "another number of bodies is left out"},
      {[](auto* a) { a->clear_totals(); }, "there are bodies and no total"},
      {[](auto* a) {
         a->mutable_totals(0)->mutable_all()->mutable_sums()->set_received(16);
         a->mutable_totals(0)->mutable_all()->mutable_sums()->set_held(12);
       },
       "the totals are not those of the bodies"},
  };
  for (const auto& [change, words] : kTopLies) {
    top(change);
    told("top", words);
  }
  const auto join = [](v1::TopAnswer* a, const char* party, const char* under) {
    a->mutable_as_of()->set_size(9);
    a->add_joined()->set_party(party);
    a->mutable_joined()->rbegin()->set_under(under);
  };
  top([&](auto* a) { join(a, "twin", "hub"); });
  told("top", "it joins parties, which was not asked for");
  CHECK(desk.Run(at + "top --joined").exit == 0);
  top([&](auto* a) {
    join(a, "twin", "hub");
    join(a, "hub", "other");
  });
  told("top --joined", "a party that stands for others is joined itself");
  top([&](auto* a) {
    join(a, "twin", "hub");
    join(a, "twin", "other");
  });
  told("top --joined", "a party is joined twice");
  top([&](auto* a) {
    join(a, "twin", "hub");
    a->mutable_joined(0)->set_record(9);
  });
  told("top --joined", "a party is joined by a record that is not there");

  const auto series = [&](const std::function<void(v1::SeriesAnswer*)>& change) {
    v1::SeriesAnswer& made = liar.series.emplace();
    made.set_by(v1::SeriesRequest::MONTH);
    for (const char* period : {"2026-01", "2026-02"}) {
      v1::SeriesLine* line = made.add_lines();
      line->set_period(period);
      line->mutable_sums()->set_asset("CNY");
      v1::MoneySums* sums = line->mutable_sums()->mutable_sums();
      sums->set_before(made.lines_size() == 1 ? 0 : 7);
      sums->set_brought_in(7);
      sums->set_held(made.lines_size() == 1 ? 7 : 14);
      sums->set_moved(7);
    }
    change(&made);
  };
  series([](v1::SeriesAnswer*) {});
  CHECK(desk.Run(at + "series").exit == 0);
  told("series --as-of 3", "it is as of another record than was asked for");
  told("series hub", "it is of another party, another fund or other periods than was asked for");
  told("series --fund winter", "it is of another party, another fund or other periods than was asked for");
  told("series --by year", "it is of another party, another fund or other periods than was asked for");
  told("series --asset USD", "it was not asked for");
  told("series --since 2026-02-03", "it was not asked for");
  told("series --until 2026-01-31", "it was not asked for");
  const std::pair<std::function<void(v1::SeriesAnswer*)>, const char*> kSeriesLies[] = {
      {[](auto* a) { a->mutable_lines(1)->mutable_sums()->mutable_sums()->set_held(15); },
       "of CNY in 2026-02, what came in is not what went out and what is there"},
      {[](auto* a) {
         a->mutable_lines(1)->mutable_sums()->mutable_sums()->set_before(8);
         a->mutable_lines(1)->mutable_sums()->mutable_sums()->set_held(15);
       },
       "it does not begin with what the period before ended with"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "it does not begin with"},
      {[](auto* a) { a->mutable_lines(1)->set_period("2026-01"); }, "it is out of order"},
      {[](auto* a) { a->mutable_lines(1)->set_period("2026"); }, "it was not asked for"},
      {[](auto* a) { a->mutable_lines(0)->mutable_sums()->mutable_sums()->set_unrecorded(8); },
       "a part is more than its whole"},
  };
  for (const auto& [change, words] : kSeriesLies) {
    series(change);
    told("series", words);
  }

  const auto summary = [&](const std::function<void(v1::SummaryAnswer*)>& change) {
    v1::SummaryAnswer& made = liar.summary.emplace();
    made.mutable_as_of()->set_size(3);
    made.set_records(3);
    made.set_transfers(1);
    made.add_newest()->mutable_ref()->set_record(2);
    v1::AssetSummary* asset = made.add_assets();
    asset->mutable_all()->set_asset("CNY");
    v1::MoneySums* all = asset->mutable_all()->mutable_sums();
    all->set_brought_in(9);
    all->set_unrecorded(2);
    all->set_reached(9);
    all->set_transfers(1);
    asset->set_donor_count(1);
    v1::TopLine* donor = asset->add_donors();
    donor->set_party("donor");
    donor->set_role(v1::SOURCE);
    donor->set_asset("CNY");
    donor->mutable_sums()->set_brought_in(7);
    donor->mutable_sums()->set_paid(7);
    asset->set_recipient_count(1);
    v1::TopLine* recipient = asset->add_recipients();
    recipient->set_party("village");
    recipient->set_role(v1::RECIPIENT);
    recipient->set_asset("CNY");
    recipient->mutable_sums()->set_received(9);
    recipient->mutable_sums()->set_reached(9);
    change(&made);
  };
  summary([](v1::SummaryAnswer*) {});
  CHECK(desk.Run(at + "summary").exit == 0);
  told("summary --as-of 1", "it is as of another record than was asked for");
  const std::pair<std::function<void(v1::SummaryAnswer*)>, const char*> kSummaryLies[] = {
      {[](auto* a) { a->set_records(4); }, "another number of records than its checkpoint"},
      {[](auto* a) { a->set_committed_transfers(2); }, "more transfers are committed than there are"},
      {[](auto* a) { a->set_transfers(2); }, "another number of transfers is shown"},
      {[](auto* a) { a->mutable_assets(0)->mutable_all()->mutable_sums()->set_reached(8); },
       "of CNY, what came in is not what went out and what is there"},
      {[](auto* a) { a->mutable_assets(0)->set_donor_count(2); }, "another number of bodies is shown"},
      {[](auto* a) { a->mutable_assets(0)->mutable_all()->mutable_sums()->set_unrecorded(3); },
       "do not have what all of them have"},
      {[](auto* a) { a->mutable_assets(0)->mutable_donors(0)->set_party("unrecorded"); },
       "it is not one of those that are ranked"},
      {[](auto* a) { a->mutable_assets(0)->mutable_donors(0)->set_asset("USD"); },
       "it is not one of those that are ranked"},
      {[](auto* a) { a->mutable_assets(0)->mutable_recipients(0)->set_role_inferred(true); },
       "there is money that its role does not have"},
      {[](auto* a) { *a->add_assets() = a->assets(0); }, "the assets do not stand by their codes"},
      {[](auto* a) { a->add_registers()->set_ended(1); }, "more items have ended than there are"},
  };
  for (const auto& [change, words] : kSummaryLies) {
    summary(change);
    told("summary", words);
  }

  const auto search = [&](const std::function<void(v1::SearchAnswer*)>& change) {
    v1::SearchAnswer& made = liar.search.emplace();
    v1::SearchHit* hub = made.add_hits();
    hub->set_kind("party");
    hub->set_id("hub");
    hub->set_name("A hub");
    hub->set_match(v1::SearchHit::ID);
    hub->set_exact(true);
    v1::SearchHit* paid = made.add_hits();
    paid->set_kind("transfer");
    paid->set_id("4.1");
    paid->set_name("to the hub");
    paid->set_match(v1::SearchHit::WORDS);
    paid->mutable_transfer()->mutable_ref()->set_record(4);
    paid->mutable_transfer()->mutable_ref()->set_line(1);
    paid->mutable_transfer()->mutable_transfer()->set_purpose("to the hub");
    for (const char* kind : {"party", "transfer"}) {
      made.add_counts()->set_kind(kind);
      made.mutable_counts(made.counts_size() - 1)->set_hits(1);
    }
    change(&made);
  };
  search([](v1::SearchAnswer*) {});
  CHECK(desk.Run(at + "search HUB").exit == 0);
  told("search hub --as-of 3", "it is as of another record than was asked for");
  told("search hub --kind fund", "of party hub, it was not asked for");
  told("search hub --top 1", "more hits are shown than were asked for");
  told("search club", "of party hub, it does not fit what was looked for");
  told("search a hub", "it does not fit what was looked for");
  const std::pair<std::function<void(v1::SearchAnswer*)>, const char*> kSearchLies[] = {
      {[](auto* a) { a->mutable_hits(0)->set_exact(false); },
       "it is said to be what was looked for, and is not"},
      {[](auto* a) { a->mutable_hits(0)->set_id("hubs"); },
       "it is said to be what was looked for, and is not"},
      {[](auto* a) { a->mutable_hits(1)->set_exact(true); },
       "it is said to be what was looked for, and is not"},
      {[](auto* a) { a->mutable_hits()->SwapElements(0, 1); }, "it is out of order"},
      {[](auto* a) { a->mutable_hits(0)->clear_match(); }, "it is out of order"},
      {[](auto* a) { *a->mutable_hits(1) = a->hits(0); }, "it is listed twice"},
      {[](auto* a) { a->mutable_hits(1)->set_id("4.2"); }, "it is another transfer than is said, or none"},
      {[](auto* a) { a->mutable_hits(1)->clear_transfer(); }, "it is another transfer than is said, or none"},
      {[](auto* a) { a->mutable_hits(1)->set_name("hub"); }, "it is another transfer than is said, or none"},
      {[](auto* a) { a->mutable_counts(0)->set_hits(2); }, "the counts are not those of the hits"},
      {[](auto* a) { a->clear_counts(); }, "the counts are not those of the hits"},
  };
  for (const auto& [change, words] : kSearchLies) {
    search(change);
    told("search hub", words);
  }

  const auto logged = [&](const std::function<void(v1::LogAnswer*)>& change) {
    v1::LogAnswer& made = liar.log.emplace();
    made.mutable_as_of()->set_size(9);
    made.set_to(8);
    for (const std::uint64_t index : {8, 3}) {
      v1::LogLine* line = made.add_records();
      line->set_index(index);
      line->set_author("hub");
      line->add_signers(std::string(32, 'k'));
      line->add_kinds()->set_kind("transfer");
      line->mutable_kinds(0)->set_count(1);
      line->add_money()->set_asset("CNY");
      line->mutable_money(0)->mutable_paid()->set_transfers(1);
      line->mutable_money(0)->mutable_paid()->set_amount(5);
    }
    change(&made);
  };
  logged([](v1::LogAnswer*) {});
  CHECK(desk.Run(at + "log").exit == 0);
  CHECK(desk.Run(at + "log --csv").exit == 0);
  const std::pair<std::function<void(v1::LogAnswer*)>, const char*> kLogLies[] = {
      {[](auto* a) { a->mutable_records(0)->set_index(2); }, "it is out of order"},
      {[](auto* a) { a->mutable_records(0)->set_index(9); }, "it was not asked for"},
      {[](auto* a) { a->set_to(9); }, "it is up to another record than was asked for"},
      {[](auto* a) { a->mutable_records(0)->set_signers(0, "x"); }, "a signer is no key"},
      {[](auto* a) { a->mutable_records(0)->mutable_kinds(0)->set_count(2); },
       "its sums are not of all its transfers"},
      {[](auto* a) { a->mutable_records(0)->mutable_kinds(0)->set_count(0); },
       "its kinds of actions are not counted once each"},
      {[](auto* a) { a->mutable_records(0)->mutable_money(0)->mutable_paid()->set_amount(-1); },
       "a sum cannot be of so many transfers"},
      {[](auto* a) { *a->mutable_records(0)->add_money() = a->records(0).money(0); },
       "its assets are out of order"},
  };
  for (const auto& [change, words] : kLogLies) {
    logged(change);
    told("log", words);
  }

  const auto held = [&](const std::function<void(v1::IdleAnswer*)>& change) {
    v1::IdleAnswer& made = liar.held.emplace();
    made.set_on("2026-03-01");
    for (const char* party : {"hub", "other"}) {
      v1::IdleLine* line = made.add_lines();
      line->mutable_account()->set_party(party);
      line->mutable_account()->set_fund("winter");
      line->mutable_account()->set_asset("CNY");
      line->set_accounts(1);
      line->set_held(10);
      line->mutable_ages()->set_under_90_days(4);
      line->mutable_ages()->set_under_2_years(6);
      line->set_oldest("2025-01-01");
      line->set_newest("2026-02-01");
      line->set_committed(1);
      line->set_kept(2);
    }
    v1::IdleTotal* total = made.add_totals();
    total->set_asset("CNY");
    total->set_lines(2);
    total->set_held(20);
    total->mutable_ages()->set_under_90_days(8);
    total->mutable_ages()->set_under_2_years(12);
    total->set_oldest("2025-01-01");
    total->set_committed(2);
    total->set_kept(4);
    change(&made);
  };
  held([](v1::IdleAnswer*) {});
  CHECK(desk.Run(at + "idle").exit == 0);
  CHECK(desk.Run(at + "idle --csv").exit == 0);
  told("idle --as-of 3", "it is as of another record than was asked for");
  told("idle --on 2026-03-02", "it is of another day than was asked for");
  told("idle hub", "of other in CNY, it was not asked for");
  told("idle --fund flood", "it was not asked for");
  told("idle --asset USD", "it was not asked for");
  told("idle --by-party", "it was not asked for");
  told("idle --top 1", "more lines are shown than were asked for");
  const std::pair<std::function<void(v1::IdleAnswer*)>, const char*> kHeldLies[] = {
      {[](auto* a) { a->mutable_lines(0)->set_held(11); }, "the ages do not add up to what is held"},
      {[](auto* a) { a->mutable_lines(0)->set_committed(11); }, "more is committed or kept than is held"},
      {[](auto* a) { a->mutable_lines(0)->set_kept(11); }, "more is committed or kept than is held"},
      {[](auto* a) { a->mutable_lines(0)->set_oldest("2023-01-01"); },
       "the oldest day does not fit the ages"},
      {[](auto* a) { a->mutable_lines(0)->set_oldest("2025-12-31"); },
       "the oldest day does not fit the ages"},
      {[](auto* a) { a->mutable_lines(0)->set_newest("2025-06-01"); },
       "the newest day does not fit the ages"},
      {[](auto* a) { a->mutable_lines(0)->set_newest("soon"); }, "the newest day does not fit the ages"},
      {[](auto* a) { a->mutable_lines(0)->set_accounts(2); }, "it is of another number of accounts"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "it is not in the order"},
      {[](auto* a) { a->mutable_totals(0)->set_lines(3); }, "the lines are not as many as is said"},
      {[](auto* a) { a->mutable_totals(0)->set_left_out(1); }, "another number of lines is left out"},
      {[](auto* a) { a->mutable_totals(0)->set_kept(5); }, "the total is not that of the lines"},
      {[](auto* a) { a->clear_totals(); }, "there are lines without a total"},
  };
  for (const auto& [change, words] : kHeldLies) {
    held(change);
    told("idle", words);
  }
}

TEST_CASE("idle teams: what cannot be true is told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  const auto say = [&](const std::function<void(v1::IdleTeamsAnswer*)>& change) {
    v1::IdleTeamsAnswer& made = liar.idle.emplace();
    made.set_on("2026-12-01");
    made.set_days(180);
    made.set_in_force(2);
    made.set_without_project(1);
    auto* team = made.add_teams();
    auto* said = team->mutable_deployment()->mutable_action()->mutable_deploy();
    said->set_id("d");
    said->set_project("p");
    said->set_status(v1::Deploy::ACTIVE);
    team->set_since("2026-03-01");
    team->set_quiet_days(275);
    change(&made);
  };
  say([](v1::IdleTeamsAnswer*) {});
  CHECK(desk.Run(at + "deployment idle").exit == 0);
  told("deployment idle --as-of 3", "it is as of another record than was asked for");
  told("deployment idle --on 2026-03-02", "it is of another day than was asked for");
  told("deployment idle --over 200", "it is for another number of days than was asked for");
  const std::pair<std::function<void(v1::IdleTeamsAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_teams(0)->set_quiet_days(276); }, "it is not quiet for so many days"},
      {[](auto* a) { a->mutable_teams(0)->set_reported("2026-11-01"); }, "it is not quiet for so many days"},
      {[](auto* a) {
         a->mutable_teams(0)->set_reported("2026-11-01");
         a->mutable_teams(0)->set_quiet_days(30);
       },
       "it is not quiet for long"},
      {[](auto* a) { a->set_without_project(2); }, "more teams are idle than are there"},
      {[](auto* a) { a->mutable_teams(0)->mutable_deployment()->mutable_ended()->set_record(3); },
       "a line is not a deployment that goes on"},
      {[](auto* a) {
         a->mutable_teams(0)->mutable_deployment()->mutable_action()->mutable_deploy()->clear_project();
       },
       "it is not active on a project"},
  };
  for (const auto& [change, words] : kLies) {
    say(change);
    told("deployment idle", words);
  }
}

TEST_CASE("pledges: what cannot be true is told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  const auto say = [&](const std::function<void(v1::PledgesAnswer*)>& change) {
    v1::PledgesAnswer& made = liar.pledges.emplace();
    made.set_on("2026-03-01");
    for (const char* id : {"a", "b"}) {
      v1::PledgeLine* line = made.add_lines();
      line->mutable_pledge()->set_id(id);
      line->mutable_pledge()->set_owner("donor");
      line->mutable_pledge()->set_asset("CNY");
      line->mutable_pledge()->set_amount(300);
      line->set_state(v1::PLEDGE_IN_FORCE);
      line->set_pledged(300);
      line->set_assigned(200);
      line->set_paid(100);
      line->set_left(100);
      line->set_kept(3'333);
    }
    change(&made);
  };
  say([](v1::PledgesAnswer*) {});
  CHECK(desk.Run(at + "pledges").exit == 0);
  told("pledges other", "of pledge a, it is one of another donor");
  told("pledges --as-of 3", "it is as of another record than was asked for");
  told("pledges --on 2026-03-02", "it is of another day than was asked for");
  told("pledges --limit 1", "it has more pledges than were asked for");
  const std::pair<std::function<void(v1::PledgesAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "it is out of order"},
      {[](auto* a) { a->mutable_lines(1)->set_state(v1::PLEDGE_OVER); }, "of pledge b, it was not asked for"},
      {[](auto* a) { a->mutable_lines(0)->set_pledged(301); }, "it says another amount than the pledge"},
      {[](auto* a) { a->mutable_lines(0)->set_paid(-1); }, "of pledge a, a sum is below zero"},
      {[](auto* a) { a->mutable_lines(0)->set_left(101); }, "what is left is not what was pledged less"},
      {[](auto* a) { a->mutable_lines(0)->set_kept(3'334); }, "what was kept does not follow"},
      {[](auto* a) { a->mutable_lines(0)->clear_kept(); }, "what was kept does not follow"},
      {[](auto* a) {
         v1::DonorPledges* donor = a->add_donors();
         donor->set_pledged(5);
         donor->set_kept(1);
       },
       "what a donor kept does not follow"},
  };
  for (const auto& [change, words] : kLies) {
    say(change);
    told("pledges", words);
  }
}

TEST_CASE("needs: what cannot be true is told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  // Two needs of 100: the first is more severe and half met, and nothing came for the second.
  const auto say = [&](const std::function<void(v1::NeedsAnswer*)>& change) {
    v1::NeedsAnswer& made = liar.needs.emplace();
    made.set_on("2026-03-01");
    for (const char* id : {"a", "b"}) {
      v1::NeedLine* line = made.add_lines();
      line->mutable_need()->set_id(id);
      line->mutable_need()->set_asset("CNY");
      line->mutable_need()->set_amount(100);
      line->mutable_need()->set_until("2026-12-31");
      line->set_found(v1::VerifyNeed::CONFIRMED);
      line->set_years(1);
      line->set_asked(100);
      line->set_open(100);
      line->set_state(v1::OPEN);
      v1::NeedCount* count = made.add_counts();
      count->set_state(v1::OPEN);
      count->set_asset("CNY");
      count->set_needs(1);
      count->set_asked(100);
      count->set_open(100);
    }
    v1::NeedLine* first = made.mutable_lines(0);
    first->set_severity(4);
    first->mutable_need()->set_severity(4);
    first->set_direct(30);
    first->set_by_projects(20);
    first->set_committed(50);
    first->set_open(50);
    first->set_state(v1::PARTLY);
    made.mutable_counts(0)->set_state(v1::PARTLY);
    made.mutable_counts(0)->set_met(50);
    made.mutable_counts(0)->set_open(50);
    change(&made);
  };
  say([](v1::NeedsAnswer*) {});
  CHECK(desk.Run(at + "needs").exit == 0);
  CHECK(desk.Run(at + "needs --csv").exit == 0);
  CHECK(desk.Run(at + "needs a b").exit == 0);
  told("needs --as-of 3", "it is as of another record than was asked for");
  told("needs --on 2026-03-02", "it is of another day than was asked for");
  told("needs a", "need b was not asked for");
  told("needs a b c", "it lacks needs that were asked for");
  told("needs --state open", "need a was not asked for");
  told("needs --limit 1", "it has more needs than were asked for");
  // Of one nobody knows what came.
  const auto say_beyond = [&](const std::function<void(v1::NeedsAnswer*)>& change) {
    say([&](v1::NeedsAnswer* a) {
      a->mutable_lines(1)->set_beyond(true);
      a->mutable_lines(1)->set_open(0);
      a->mutable_lines(1)->set_state(v1::NEED_STATE_UNSPECIFIED);
      a->mutable_counts(1)->set_state(v1::NEED_STATE_UNSPECIFIED);
      a->mutable_counts(1)->set_open(0);
      change(a);
    });
  };
  say_beyond([](v1::NeedsAnswer*) {});
  CHECK(desk.Run(at + "needs").exit == 0);
  CHECK(desk.Run(at + "needs --csv").exit == 0);
  told("needs --state partly", "need b was not asked for");
  say_beyond([](v1::NeedsAnswer* a) { a->mutable_lines(1)->set_open(100); });
  told("needs", "of need b, what is open is not what is asked less what came");
  say_beyond([](v1::NeedsAnswer* a) { a->mutable_lines(1)->set_direct(1); });
  told("needs", "of need b, what came is not known, and is said");
  say_beyond([](v1::NeedsAnswer* a) { a->mutable_lines(1)->set_state(v1::OPEN); });
  told("needs", "of need b, the state does not follow from what came");
  const std::pair<std::function<void(v1::NeedsAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_lines(0)->set_open(51); },
       "of need a, what is open is not what is asked less what came"},
      {[](auto* a) { a->mutable_lines(0)->set_assigned(1); },
       "of need a, what is open is not what is asked less what came"},
      {[](auto* a) { a->mutable_lines(0)->set_assigned(-1); }, "of need a, a sum is below zero"},
      {[](auto* a) {
         a->mutable_lines(0)->set_assigned(50);
         a->mutable_lines(0)->set_open(0);
       },
       "of need a, the state does not follow from what came"},
      {[](auto* a) { a->mutable_counts(0)->set_assigned(1); }, "the counts are not those of the needs"},
      {[](auto* a) { a->mutable_lines(0)->set_committed(51); }, "of need a, more is committed than came"},
      {[](auto* a) { a->mutable_lines(0)->set_beyond(true); },
       "of need a, what came is not known, and is said"},
      {[](auto* a) {
         a->mutable_lines(1)->set_open(0);
         a->mutable_lines(1)->set_beyond(true);
       },
       "of need b, the state does not follow from what came"},
      {[](auto* a) { a->mutable_lines(0)->set_direct(-1); }, "of need a, a sum is below zero"},
      {[](auto* a) { a->mutable_lines(0)->set_years(2); }, "it has other figures than its own"},
      {[](auto* a) { a->mutable_lines(1)->set_people(5); }, "it has other figures than its own"},
      {[](auto* a) { a->mutable_lines(0)->set_state(v1::MET); }, "the state does not follow from what came"},
      {[](auto* a) { a->mutable_lines(1)->mutable_need()->set_until("2026-02-28"); },
       "the state does not follow from what came"},
      {[](auto* a) { a->mutable_lines(1)->set_state(v1::NEED_STATE_UNSPECIFIED); },
       "need b was not asked for"},
      {[](auto* a) { a->mutable_lines(1)->set_found(v1::VerifyNeed::REFUSED); }, "need b was not asked for"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "need a is out of order"},
      {[](auto* a) { a->mutable_lines(1)->mutable_need()->set_id("a"); }, "need a is listed twice"},
      {[](auto* a) { a->mutable_counts(0)->set_met(49); }, "the counts are not those of the needs"},
      {[](auto* a) { a->mutable_counts(1)->set_needs(2); }, "the counts are not those of the needs"},
      {[](auto* a) { a->mutable_counts()->RemoveLast(); }, "the counts are not those of the needs"},
  };
  for (const auto& [change, words] : kLies) {
    say(change);
    told("needs", words);
  }
}

TEST_CASE("match: what cannot be true is told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  // Of the needs a and b of 100 each, a gets 60 of the pledge p, which has no more. Then b gets all of what q has: it is enough.
  const auto say = [&](const std::function<void(v1::MatchAnswer*)>& change) {
    v1::MatchAnswer& made = liar.match.emplace();
    made.set_on("2026-03-01");
    made.set_asset("CNY");
    made.set_method(v1::MatchRequest::PROPORTIONAL);
    for (const auto& [need, pledge, amount] : {std::tuple("a", "p", 60), std::tuple("b", "q", 100)}) {
      v1::MatchNeed* of = made.add_needs();
      of->set_need(need);
      of->set_open(100);
      of->set_matched(amount);
      of->add_parts()->set_pledge(pledge);
      of->mutable_parts(0)->set_amount(amount);
      v1::MatchPledge* from = made.add_pledges();
      from->set_pledge(pledge);
      from->set_left(amount);
      from->set_matched(amount);
    }
    made.set_open(200);
    made.set_pledged(160);
    made.set_matched(160);
    v1::MatchSet* set = made.add_sets();
    set->add_needs("a");
    set->add_pledges("p");
    set->set_open(100);
    set->set_matched(60);
    set->set_pledged(60);
    change(&made);
  };
  const std::string match = "match --asset CNY";
  say([](v1::MatchAnswer*) {});
  CHECK_THAT(desk.Run(at + match).out,
             Contains("Only p can serve a, and nothing of it is left: 100 - 60 = 40 CNY lacking.\n"));
  CHECK(desk.Run(at + match + " --csv").exit == 0);
  told(match + " --as-of 3", "it is as of another record than was asked for");
  told(match + " --on 2026-03-02", "it is of another day than was asked for");
  told("match --asset USD", "it is of another asset or method than was asked for");
  told(match + " --method equal", "it is of another asset or method than was asked for");
  const std::pair<std::function<void(v1::MatchAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_needs(0)->set_matched(101); }, "of need a, more is matched than it lacks"},
      {[](auto* a) { a->mutable_needs(0)->set_matched(61); }, "of need a, the parts do not add up"},
      {[](auto* a) { a->mutable_needs(0)->mutable_parts(0)->set_pledge("x"); }, "a part is of no pledge"},
      {[](auto* a) { a->mutable_needs(0)->mutable_parts(0)->set_amount(0); }, "or is nothing"},
      {[](auto* a) { a->mutable_needs(1)->set_need("a"); }, "of need a, there are two"},
      {[](auto* a) { a->mutable_pledges(1)->set_pledge("p"); }, "pledge p is listed twice"},
      {[](auto* a) { a->mutable_pledges(0)->set_left(59); }, "of pledge p, more is matched than there is"},
      {[](auto* a) {
         a->mutable_pledges(0)->set_left(70);
         a->mutable_pledges(0)->set_matched(59);
       },
       "of pledge p, the parts do not add up"},
      {[](auto* a) { a->set_open(201); }, "the sums are not those of its needs and pledges"},
      {[](auto* a) { a->set_matched(159); }, "the sums are not those of its needs and pledges"},
      {[](auto* a) { a->clear_sets(); }, "need a lacks something, and no set says why"},
      {[](auto* a) { a->mutable_sets(0)->set_open(99); }, "the sums of a set are not those"},
      {[](auto* a) { a->mutable_sets(0)->add_needs("a"); }, "sets name a need that is not there, or twice"},
      {[](auto* a) { a->mutable_sets(0)->set_pledges(0, "x"); }, "a set names a pledge that is not there"},
      {[](auto* a) { a->mutable_sets(0)->set_pledges(0, "q"); },
       "need a is served by a pledge that its set does not name"},
      {[](auto* a) {
         a->mutable_pledges(0)->set_left(70);
         a->set_pledged(170);
         a->mutable_sets(0)->set_pledged(70);
       },
       "something of the pledges of a set is left"},
      {[](auto* a) {
         a->add_pledges()->set_left(5);
         a->set_pledged(165);
       },
       "the extra amount is another than was asked for"},
  };
  for (const auto& [change, words] : kLies) {
    say(change);
    told(match, words);
  }
}

TEST_CASE("who answers: what cannot be true is told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  const auto say = [&](const std::function<void(v1::WhoAnswersAnswer*)>& change) {
    v1::WhoAnswersAnswer& made = liar.who.emplace();
    made.set_on("2026-03-01");
    made.set_place("dafang");
    made.set_category("EDU");
    made.set_verdict(v1::WhoAnswersAnswer::ONE);
    for (const char* id : {"a", "b"}) {
      auto* duty = made.add_lines()->mutable_duty()->mutable_action()->mutable_assign_duty();
      duty->set_id(id);
      duty->set_party(id);
      duty->set_role(v1::AssignDuty::LEAD);
    }
    made.mutable_lines(0)->set_acceptance(v1::DutyLine::ACCEPTED);
    made.mutable_lines(0)->set_accepted_in(7);
    made.mutable_lines(1)->set_acceptance(v1::DutyLine::NAMED);
    change(&made);
  };
  const std::string who = "who-answers dafang EDU";
  say([](v1::WhoAnswersAnswer*) {});
  CHECK(desk.Run(at + who).exit == 0);
  told(who + " --as-of 3", "it is as of another record than was asked for");
  told(who + " --on 2026-03-02", "it is of another day than was asked for");
  told("who-answers dafang HEA", "it is of another place or category than was asked for");
  told("who-answers qianxi EDU", "it is of another place or category than was asked for");
  const auto duty = [](v1::WhoAnswersAnswer* a) {
    return a->mutable_lines(1)->mutable_duty()->mutable_action()->mutable_assign_duty();
  };
  const std::pair<std::function<void(v1::WhoAnswersAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->set_verdict(v1::WhoAnswersAnswer::NOBODY); }, "the verdict does not follow"},
      {[](auto* a) { a->set_verdict(v1::WhoAnswersAnswer::SEVERAL); }, "the verdict does not follow"},
      {[](auto* a) {
         a->mutable_lines(1)->set_acceptance(v1::DutyLine::ACCEPTED);
         a->mutable_lines(1)->set_accepted_in(8);
       },
       "the verdict does not follow"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); },
       "duty a was accepted, and comes after one that was not"},
      {[](auto* a) { a->set_more(1); }, "it shows another number of duties than there are"},
      {[](auto* a) {
         for (int i = 0; i < 1'000; ++i) *a->add_lines() = a->lines(1);
       },
       "it shows another number of duties than there are, or than it may show"},
      {[](auto* a) { a->mutable_lines(0)->clear_accepted_in(); }, "no record says what the party answered"},
      {[](auto* a) { a->mutable_lines(1)->set_accepted_in(8); }, "no record says what the party answered"},
      {[&](auto* a) { duty(a)->set_id("a"); }, "duty a is listed twice"},
      {[&](auto* a) { duty(a)->set_from("2026-03-02"); }, "duty b is not in force on that day"},
      {[&](auto* a) { duty(a)->set_until("2026-02-28"); }, "duty b is not in force on that day"},
      {[](auto* a) { a->mutable_lines(1)->mutable_duty()->mutable_ended()->set_record(3); },
       "duty b is not in force on that day"},
      {[](auto* a) { a->mutable_lines(1)->mutable_duty()->mutable_action()->mutable_deploy(); },
       "a line is not a duty"},
  };
  for (const auto& [change, words] : kLies) {
    say(change);
    told(who, words);
  }
  // Where accepted duties are left out, they may have more leads, and no fewer.
  const auto thousand = [](v1::WhoAnswersAnswer* a, v1::AssignDuty::Role role) {
    const v1::DutyLine line = a->lines(0);
    a->clear_lines();
    for (int i = 0; i < 1'000; ++i) {
      *a->add_lines() = line;
      auto* one = a->mutable_lines(i)->mutable_duty()->mutable_action()->mutable_assign_duty();
      one->set_id("d" + std::to_string(i));
      one->set_role(role);
    }
    a->set_more(7);
  };
  for (const auto verdict : {v1::WhoAnswersAnswer::ONE, v1::WhoAnswersAnswer::SEVERAL}) {
    say([&](auto* a) {
      thousand(a, v1::AssignDuty::LEAD);
      a->set_verdict(verdict);
    });
    CHECK(desk.Run(at + who).exit == 0);
  }
  say([&](auto* a) {
    thousand(a, v1::AssignDuty::LEAD);
    a->set_verdict(v1::WhoAnswersAnswer::NOBODY);
  });
  told(who, "the verdict does not follow");
  say([&](auto* a) { thousand(a, v1::AssignDuty::FUND); });
  CHECK_THAT(desk.Run(at + who).out,
             Contains("One answers: a party that is not shown has accepted the lead.\n"));
}

TEST_CASE("publicity, and how to take part: what cannot be true is told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  const auto notice = [](v1::PublicityNotice* line) {
    line->mutable_notice()->set_id("help");
    line->mutable_notice()->set_kind(v1::Announce::CALL);
    line->mutable_notice()->add_ways()->set_what("Coats");
    line->mutable_notice()->set_from("2026-11-01");
    line->mutable_notice()->set_days(40);
    line->set_last("2026-12-10");
  };
  using Publicity = v1::PublicityAnswer;
  const auto say = [&](const std::function<void(Publicity*)>& change) {
    Publicity& made = liar.publicity.emplace();
    made.set_on("2026-12-01");
    made.set_since("2026-09-03");
    made.set_days(90);
    made.set_silent(1);
    made.set_with_need(1);
    auto* place = made.add_places();
    place->set_place("dafang");
    place->set_needs(2);
    place->set_silent(true);
    notice(made.add_notices());
    change(&made);
  };
  say([](Publicity*) {});
  CHECK(desk.Run(at + "publicity").exit == 0);
  told("publicity --on 2026-12-02", "it is of another day than was asked for");
  told("publicity --place qianxi", "it is of another place or category than was asked for");
  told("publicity --days 30", "it is for another number of days than was asked for");
  const std::pair<std::function<void(Publicity*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_places(0)->set_silent(false); }, "it is not as silent as its calls say"},
      {[](auto* a) { a->mutable_places(0)->set_reached_by(1); }, "it is not as silent as its calls say"},
      {[](auto* a) { a->mutable_places(0)->set_board(1); }, "a part is more than its whole"},
      {[](auto* a) { a->set_silent(0); }, "the places do not add up"},
      {[](auto* a) { a->set_with_need(3); }, "the places do not add up"},
      {[](auto* a) { *a->add_places() = a->places(0); }, "there are two lines"},
      {[](auto* a) { *a->add_notices() = a->notices(0); }, "notice help is listed twice"},
      {[](auto* a) { a->mutable_notices(0)->set_complete(true); }, "it is not as complete as its days say"},
      {[](auto* a) { a->mutable_notices(0)->set_last("2026-12-11"); }, "the last day does not follow"},
      {[](auto* a) { a->mutable_notices(0)->mutable_notice()->clear_ways(); }, "a call has ways"},
  };
  for (const auto& [change, words] : kLies) {
    say(change);
    told("publicity", words);
  }
  using Open = v1::OpenAnswer;
  const auto say_open = [&](const std::function<void(Open*)>& change) {
    Open& made = liar.open.emplace();
    made.set_on("2026-12-01");
    notice(made.add_calls()->mutable_call());
    auto* project = made.add_projects();
    project->set_project("lunches");
    project->set_budget(100);
    project->set_placed(40);
    project->set_gap(60);
    auto* need = made.add_needs();
    need->set_state(v1::PARTLY);
    need->set_asked(10);
    need->set_open(4);
    change(&made);
  };
  say_open([](Open*) {});
  CHECK(desk.Run(at + "open").exit == 0);
  told("open --place qianxi", "it is of another place or category than was asked for");
  const std::pair<std::function<void(Open*)>, const char*> kOpenLies[] = {
      {[](auto* a) { a->mutable_projects(0)->set_gap(61); }, "the gap is not what is missing"},
      {[](auto* a) { a->mutable_needs(0)->set_open(11); }, "more is open than is asked"},
      {[](auto* a) { a->mutable_needs(0)->set_state(v1::MET); }, "is not open"},
      {[](auto* a) { a->mutable_calls(0)->mutable_call()->mutable_notice()->set_from("2026-12-02"); },
       "of notice help"},
  };
  for (const auto& [change, words] : kOpenLies) {
    say_open(change);
    told("open", words);
  }
}

TEST_CASE("arrivals, concerns and samples: what cannot be true is told, and not shown") {
  const Desk desk;
  Liar liar;
  const std::string at = "--server " + liar.address() + " ";
  const auto told = [&](const std::string& command, const std::string& words) {
    const Ran ran = desk.Run(at + command);
    INFO(command << ": " << ran.out << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("the server's answer cannot be true: "));
    CHECK_THAT(ran.err, Contains(words));
  };
  v1::SampleAnswer sample;
  sample.mutable_sample()->set_id("check");
  sample.set_record(5);
  sample.set_seed_size(7);
  sample.set_seed(std::string(32, 's'));
  sample.set_of(2);
  sample.set_size(1);
  v1::SampleMember* member = sample.add_members();
  member->mutable_transfer()->set_record(3);
  member->mutable_transfer()->set_line(1);
  Bytes name;
  AppendBigEndian64(&name, 3);
  AppendBigEndian32(&name, 1);
  member->set_rank(std::string(crypto::Sha256({sample.seed(), name}).view()));
  member->set_status(v1::AcknowledgementLine::SILENT);
  using Sample = v1::SampleAnswer;
  liar.sample = sample;
  CHECK(desk.Run(at + "sample members check").exit == 0);
  told("sample members other", "it is of another sample than was asked for");
  const std::pair<std::function<void(Sample*)>, const char*> kLies[] = {
      {[](Sample* a) { a->set_seed_size(8); }, "the seed is that of another record"},
      {[](Sample* a) { a->set_size(2); }, "it does not have as many members as the sample needs"},
      {[](Sample* a) { a->clear_members(); }, "it does not have as many members as the sample needs"},
      {[](Sample* a) { a->mutable_members(0)->mutable_transfer()->set_line(2); }, "the rank of payment 3.2"},
      {[](Sample* a) { a->set_seed(std::string(32, 't')); }, "the rank of payment 3.1"},
      {[](Sample* a) {
         a->clear_seed();
         a->clear_members();
         a->mutable_as_of()->set_size(7);
       },
       "the next record is there, and so are the members"},
  };
  for (const auto& [change, words] : kLies) {
    liar.sample = sample;
    change(&*liar.sample);
    told("sample members check", words);
  }
  // Nobody knows them yet.
  liar.sample = sample;
  liar.sample->clear_seed();
  liar.sample->clear_members();
  liar.sample->mutable_as_of()->set_size(6);
  CHECK(desk.Run(at + "sample members check").exit == 0);

  v1::ConcernsAnswer concerns;
  for (const char* id : {"a", "b"}) {
    v1::ConcernLine* line = concerns.add_lines();
    line->mutable_concern()->set_id(id);
    line->mutable_concern()->set_kind(v1::RaiseConcern::DELAY);
    line->set_state(v1::ConcernLine::OPEN);
  }
  liar.concerns = concerns;
  told("concerns --state closed", "concern a was not asked for");
  liar.concerns->mutable_lines()->SwapElements(0, 1);
  told("concerns", "concern a is out of order");
  liar.concerns = concerns;
  liar.concerns->mutable_lines(0)->set_state(v1::ConcernLine::CLOSED);
  told("concerns", "the state of concern a does not follow");
  // Both are about one project, with money, and one about a party besides.
  v1::ConcernsAnswer about = concerns;
  for (v1::ConcernLine& line : *about.mutable_lines()) line.mutable_concern()->set_project("lunches");
  *about.add_lines() = concerns.lines(0);
  about.mutable_lines(2)->mutable_concern()->set_id("c");
  about.mutable_lines(2)->mutable_concern()->set_party("village");
  v1::ConcernCount* count = about.add_counts();
  count->set_kind(v1::RaiseConcern::DELAY);
  count->set_concerns(3);
  count->set_open(3);
  about.set_without_money(1);
  v1::ConcernMoney* money = about.add_money();
  money->set_asset("CNY");
  money->set_decimals(2);
  money->set_in_projects(100);
  liar.concerns = about;
  {
    const Ran ran = desk.Run(at + "concerns");
    INFO(ran.err);
    CHECK(ran.exit == 0);
    CHECK_THAT(ran.out,
               Contains("Money under concern: 1.00 CNY in projects, 0.00 CNY paid straight for needs\n"
                        "No money is counted of 1 party, policy, evaluation or notice\n"));
  }
  const std::pair<std::function<void(v1::ConcernsAnswer*)>, const char*> kMoneyLies[] = {
      {[](auto* a) { a->mutable_money(0)->set_in_projects(-1); },
       "the money that concerns are about is not one amount above zero for each asset"},
      {[](auto* a) { a->mutable_money(0)->set_in_projects(0); },
       "the money that concerns are about is not one amount above zero for each asset"},
      {[](auto* a) { *a->add_money() = a->money(0); },
       "the money that concerns are about is not one amount above zero for each asset"},
      {[](auto* a) { a->set_money_beyond(true); },
       "the money that concerns are about is not one amount above zero for each asset"},
      {[](auto* a) { a->set_without_money(2); }, "the money is not that of what the concerns are about"},
      {[](auto* a) {
         for (auto& line : *a->mutable_lines()) line.mutable_concern()->set_project("");
       },
       "the money is not that of what the concerns are about"}};
  for (const auto& [change, words] : kMoneyLies) {
    liar.concerns = about;
    change(&*liar.concerns);
    told("concerns", words);
  }

  v1::AcknowledgementsAnswer arrivals;
  for (const std::uint32_t line : {1U, 2U}) {
    v1::AcknowledgementLine* payment = arrivals.add_lines();
    payment->mutable_transfer()->mutable_ref()->set_record(3);
    payment->mutable_transfer()->mutable_ref()->set_line(line);
    payment->set_status(v1::AcknowledgementLine::SILENT);
    payment->set_paid(100);
  }
  liar.arrivals = arrivals;
  told("acknowledgements --status disputed", "payment 3.1 was not asked for");
  liar.arrivals->mutable_lines()->SwapElements(0, 1);
  told("acknowledgements", "payment 3.1 is out of order");
  liar.arrivals = arrivals;
  liar.arrivals->mutable_lines(0)->set_arrived(101);
  told("acknowledgements", "of payment 3.1, more arrived than was paid");
  liar.arrivals = arrivals;
  liar.arrivals->mutable_lines(0)->set_status(v1::AcknowledgementLine::CONFIRMED);
  told("acknowledgements", "the status of payment 3.1 does not follow");
}

}  // namespace
}  // namespace fundtrail::testing
