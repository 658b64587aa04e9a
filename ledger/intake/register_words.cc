// See register_words.h.
#include "ledger/intake/register_words.h"

#include <algorithm>
#include <iterator>

#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/form.h"
#include "ledger/model/item_text.h"
#include "ledger/sheets/column_words.h"

namespace fundtrail::intake {
namespace {

using model::FieldDescriptor;

// Titles of a field, each between two blanks. A word that may be several fields stands with each: the register has one of them.
struct FieldWords {
  std::string_view field;
  std::string_view words;
};

constexpr FieldWords kFieldWords[] = {
    {"id",
     " id code 编号 代码 编码 机构编号 机构代码 统一社会信用代码 行政区划代码 区划代码 "
     "项目编号 资金编号 需求编号 "},
    {"code", " code id assetcode currency currencycode 代码 编号 币种 货币 资产 资产代码 货币代码 "},
    {"name",
     " name title partyname organisation organization organisationname organizationname placename fullname "
     "名称 "
     "姓名 全称 标题 单位 单位名称 机构 机构名称 组织名称 地名 地点名称 行政区 行政区划 区划名称 项目名称 "
     "项目 "
     "资金名称 基金名称 方案名称 类别名称 政策名称 资产名称 "},
    {"parent",
     " parent partof above parentname parentid belongsto 上级 上级单位 上级机构 上级部门 主管部门 上级区划 "
     "上级地点 "
     "上级代码 上级编号 隶属 隶属于 所属单位 所属上级 所属地区 上级类别 "},
    {"role", " role partyrole 角色 职责 席位角色 "},
    {"kind", " kind type category sector 类型 种类 类别 性质 单位性质 机构类型 单位类型 组织类型 小组类型 "},
    {"place",
     " place location where seat address 地点 所在地 地址 地区 区域 乡镇 村 所在地区 实施地点 需求地点 "},
    {"places", " place places location locations where 地点 地区 区域 实施地点 覆盖地区 适用地区 "},
    {"category", " category kind type sector 类别 帮扶类别 需求类别 需求类型 种类 类型 领域 "},
    {"categories", " category categories sector sectors kind type 类别 帮扶类别 类型 领域 "},
    {"target_group", " targetgroup group beneficiaries forwhom 对象 帮扶对象 受益对象 目标群体 人群 "},
    {"target_groups", " targetgroup targetgroups beneficiaries 对象 帮扶对象 适用对象 目标群体 "},
    {"level", " level administrativelevel adminlevel 级别 层级 行政级别 行政层级 等级 "},
    {"owner",
     " owner responsible responsibleparty agency 负责方 负责单位 责任单位 责任主体 主管单位 牵头单位 "
     "申报单位 "
     "填报单位 提出单位 管理单位 "},
    {"implementer", " implementer implementingpartner doneby 实施方 实施单位 承办单位 执行单位 "},
    {"party",
     " party organisation organization who 机构 单位 成员 成员单位 派驻单位 帮扶单位 责任单位 负责单位 "},
    {"programme", " programme program 方案 计划 规划 所属方案 "},
    {"project", " project projectname projectid 项目 项目名称 项目编号 "},
    {"fund", " fund fundname 资金 基金 资金名称 "},
    {"asset", " asset currency currencycode 币种 货币 资产 "},
    {"amount", " amount value sum total money 金额 数额 所需金额 所需资金 资金需求 认捐金额 金额合计 "},
    {"budget", " budget cost amount estimate 预算 预算金额 投资 总投资 计划投资 项目预算 金额 "},
    {"people",
     " people persons individuals peopleinneed beneficiaries 人数 人口 受益人数 需求人数 涉及人数 "},
    {"households", " households families 户数 家庭数 受益户数 "},
    {"severity", " severity urgency 严重程度 紧急程度 "},
    {"priority", " priority 优先级 优先次序 "},
    {"quantity", " quantity count howmany 数量 "},
    {"unit", " unit units 单位 计量单位 "},
    {"purpose", " purpose for restriction use description 用途 资金用途 限定用途 说明 "},
    {"note", " note notes remark remarks comment 备注 说明 "},
    {"definition", " definition description who 定义 说明 认定标准 "},
    {"source", " source evidence howknown 来源 依据 数据来源 "},
    {"from", " from start begin startdate begindate since 开始日期 起始日期 开始时间 起 开工日期 任期开始 "},
    {"until",
     " until end enddate to finish deadline 结束日期 截止日期 结束时间 止 完工日期 竣工日期 任期结束 "},
    {"to", " to until end enddate 结束日期 截止日期 结束时间 止 "},
    {"valid_from", " validfrom since from establishedon 设立日期 生效日期 启用日期 "},
    {"valid_to", " validto until to abolishedon 撤销日期 失效日期 停用日期 "},
    {"succeeds", " succeeds formerly formerid formername oldcode 原代码 原编号 原名称 曾用名 前身 "},
    {"decimals", " decimals digits 小数位数 小数位 "},
    {"scheme", " scheme classification standard 分类标准 标准 "},
    {"keeper", " keeper 管理方 管理单位 "},
    {"staff", " staff workers employees 工作人员 人员 专职人员 "},
    {"volunteers", " volunteers 志愿者 志愿者人数 "},
    {"activity", " activity what work 工作内容 活动 主要工作 "},
    {"group", " group groupname 小组 所属小组 组织 "},
    {"recurring", " recurring yearly everyyear 每年需要 是否每年 "},
    {"instrument", " instrument 方式 扶持方式 政策工具 "},
    {"participation", " participation howtotakepart 参与方式 "},
    {"mandate", " mandate task duties 职责 任务 "},
    {"conditions", " conditions 条件 附加条件 要求 "},
};

// What a cell says, and what a map says for it. Of the two fields `kind`, the one that has the value is meant.
struct ValueWords {
  std::string_view field, value;
  std::string_view words;
};

constexpr ValueWords kValueWords[] = {
    {"role", "source", " donor funder giver 来源方 来源 捐赠方 捐赠人 出资方 资金来源 "},
    {"role", "holder", " intermediary agency 经手方 经手 中转方 管理方 执行方 "},
    {"role", "recipient", " beneficiary grantee payee 受助方 受益方 受助 受益 收款方 接收方 "},
    {"role", "lead", " leader 牵头 牵头方 主责 "},
    {"role", "support", " 协助 配合 "},
    {"role", "supervise", " 监督 "},
    {"role", "chair", " chairperson chairman 组长 主席 主任 "},
    {"role", "secretary", " 秘书 秘书长 "},
    {"role", "member", " 成员 组员 "},
    {"kind", "government", " government state ministry 政府 政府部门 政府机关 机关 行政机关 "},
    {"kind", "ngo",
     " charity nonprofit association 非政府组织 社会组织 社会团体 公益组织 慈善组织 慈善机构 协会 "},
    {"kind", "social-organisation", " charity association 社会组织 社会团体 公益组织 慈善组织 "},
    {"kind", "foundation", " 基金会 "},
    {"kind", "company", " business enterprise firm 企业 公司 "},
    {"kind", "enterprise", " company business firm 企业 公司 "},
    {"kind", "academic", " school university 学校 高校 大学 研究机构 学术机构 科研机构 "},
    {"kind", "community", " village cooperative 村 社区 村委会 居委会 合作社 乡镇 "},
    {"kind", "residents", " villagers 村民 居民 群众 "},
    {"kind", "household", " person individual family 家庭 户 个人 农户 "},
    {"kind", "red-cross", " redcross 红十字会 红十字 "},
    {"kind", "womens-federation", " 妇联 "},
    {"kind", "disabled-federation", " 残联 "},
    {"kind", "youth-league", " 共青团 团委 "},
    {"kind", "trade-union", " 工会 "},
    {"kind", "industry-federation", " 工商联 "},
    {"kind", "expert", " 专家 "},
    {"kind", "un", " unagency 联合国 联合国机构 "},
    {"kind", "other", " 其他 其它 "},
    {"kind", "cooperative", " 合作组织 "},
    {"kind", "coordination", " 协调小组 协调 "},
    {"kind", "assessment", " 考核小组 考核 "},
    {"kind", "supervision", " 督查小组 督查 监督 "},
    {"level", "0", " country nation 国 国家 国家级 "},
    {"level", "1", " province state 省 省级 自治区 直辖市 "},
    {"level", "2", " prefecture city 市 地级市 市级 地级 地区 州 自治州 "},
    {"level", "3", " county district 县 县级 区 县区 县级市 区县 "},
    {"level", "4", " township town 乡 镇 乡镇 乡级 乡镇级 街道 "},
    {"level", "5", " village community 村 村级 行政村 社区 "},
    {"severity", "1", " minimal low 轻微 "},
    {"severity", "2", " stressed 紧张 "},
    {"severity", "3", " crisis serious 危机 严重 "},
    {"severity", "4", " emergency 紧急 "},
    {"severity", "5", " catastrophe extreme 灾难 "},
    {"status", "planned", " 计划 计划中 "},
    {"status", "active", " 进行中 在岗 "},
    {"status", "ended", " finished done 已结束 结束 "},
};
constexpr std::string_view kYes = " yes y true 是 有 ", kNo = " no n false 否 无 ";

bool HasWord(std::string_view words, const std::string& word) {
  return words.find(" " + word + " ") != std::string_view::npos;
}

// Whether the field has this value: of an enum it is one of its names.
bool HasValue(const FieldDescriptor& field, std::string_view value) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM) return true;
  const auto& choices = *field.enum_type();
  for (int i = 0; i < choices.value_count(); ++i)
    if (model::Dashed(model::WordOf(*choices.value(i))) == value) return true;
  return false;
}

}  // namespace

const FieldDescriptor* FieldTitled(const model::Register& of, std::string_view title) {
  const std::string word = sheets::TitleWord(title);
  if (word.empty()) return nullptr;
  const auto& item = model::ItemDescriptor(of);
  for (int i = 0; i < item.field_count(); ++i) {
    const FieldDescriptor* const field = item.field(i);
    if (word == sheets::TitleWord(field->name()) || word == sheets::TitleWord(model::FormOf(*field).option()))
      return field;
  }
  for (const FieldWords& known : kFieldWords) {
    const FieldDescriptor* const field = item.FindFieldByName(std::string(known.field));
    if (field != nullptr && HasWord(known.words, word)) return field;
  }
  return nullptr;
}

std::optional<std::string> ValueWritten(const FieldDescriptor& field, std::string_view cell) {
  std::string word = sheets::TitleWord(cell);
  if (word.empty()) return std::nullopt;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    if (HasWord(kYes, word)) return "yes";
    return HasWord(kNo, word) ? std::optional<std::string>("no") : std::nullopt;
  }
  for (const ValueWords& known : kValueWords)
    if (known.field == field.name() && HasWord(known.words, word) && HasValue(field, known.value))
      return std::string(known.value);
  return std::nullopt;
}

}  // namespace fundtrail::intake
