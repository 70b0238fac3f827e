/** Columns of the TPC-H tables (TPC-H specification, 1.4); types by the tables below. */
const tpch: Readonly<Record<string, string>> = {
  region: 'r_regionkey r_name r_comment',
  nation: 'n_nationkey n_name n_regionkey n_comment',
  supplier: 's_suppkey s_name s_address s_nationkey s_phone s_acctbal s_comment',
  customer: 'c_custkey c_name c_address c_nationkey c_phone c_acctbal c_mktsegment c_comment',
  part: 'p_partkey p_name p_mfgr p_brand p_type p_size p_container p_retailprice p_comment',
  partsupp: 'ps_partkey ps_suppkey ps_availqty ps_supplycost ps_comment',
  orders: `o_orderkey o_custkey o_orderstatus o_totalprice o_orderdate o_orderpriority o_clerk o_shippriority o_comment`,
  lineitem: `l_orderkey l_partkey l_suppkey l_linenumber l_quantity l_extendedprice l_discount l_tax l_returnflag
    l_linestatus l_shipdate l_commitdate l_receiptdate l_shipinstruct l_shipmode l_comment`,
}

const address = (p: string): string =>
  [
    'street_number',
    'street_name',
    'street_type',
    'suite_number',
    'city',
    'county',
    'state',
    'zip',
    'country',
    'gmt_offset',
  ]
    .map((name) => `${p}_${name}`)
    .join(' ')

const sales = (p: string, names: string): string =>
  names
    .split(/\s+/)
    .map((name) => `${p}_${name}`)
    .join(' ')

const returned = `return_quantity return_tax return_amt_inc_tax fee refunded_cash reversed_charge net_loss
  returned_date_sk returned_time_sk item_sk reason_sk`

const sold = `sold_date_sk sold_time_sk item_sk promo_sk quantity wholesale_cost list_price sales_price ext_discount_amt
  ext_sales_price ext_wholesale_cost ext_list_price ext_tax coupon_amt net_paid net_paid_inc_tax net_profit`

const shipped = `ship_date_sk bill_customer_sk bill_cdemo_sk bill_hdemo_sk bill_addr_sk ship_customer_sk ship_cdemo_sk
  ship_hdemo_sk ship_addr_sk ship_mode_sk warehouse_sk order_number ext_ship_cost net_paid_inc_ship net_paid_inc_ship_tax`

const refunded = `refunded_customer_sk refunded_cdemo_sk refunded_hdemo_sk refunded_addr_sk returning_customer_sk
  returning_cdemo_sk returning_hdemo_sk returning_addr_sk order_number return_ship_cost`

const company = `rec_start_date rec_end_date name manager market_manager company_id company_name class mkt_id mkt_class
  mkt_desc tax_percentage`

/** Columns of the TPC-DS tables (TPC-DS specification, 2). */
const tpcds: Readonly<Record<string, string>> = {
  call_center: `cc_call_center_sk cc_call_center_id cc_closed_date_sk cc_open_date_sk cc_employees cc_sq_ft cc_hours
    cc_division cc_division_name cc_company ${sales('cc', company)} ${address('cc')}`,
  catalog_page: `cp_catalog_page_sk cp_catalog_page_id cp_start_date_sk cp_end_date_sk cp_department cp_catalog_number
    cp_catalog_page_number cp_description cp_type`,
  catalog_returns: `${sales('cr', returned)} ${sales('cr', refunded)} cr_call_center_sk cr_catalog_page_sk cr_ship_mode_sk
    cr_warehouse_sk cr_return_amount cr_store_credit`,
  catalog_sales: `${sales('cs', sold)} ${sales('cs', shipped)} cs_call_center_sk cs_catalog_page_sk`,
  customer: `c_customer_sk c_customer_id c_current_cdemo_sk c_current_hdemo_sk c_current_addr_sk c_first_shipto_date_sk
    c_first_sales_date_sk c_salutation c_first_name c_last_name c_preferred_cust_flag c_birth_day c_birth_month
    c_birth_year c_birth_country c_login c_email_address c_last_review_date_sk`,
  customer_address: `ca_address_sk ca_address_id ${address('ca')} ca_location_type`,
  customer_demographics: `cd_demo_sk cd_gender cd_marital_status cd_education_status cd_purchase_estimate cd_credit_rating
    cd_dep_count cd_dep_employed_count cd_dep_college_count`,
  date_dim: `d_date_sk d_date_id d_date d_month_seq d_week_seq d_quarter_seq d_year d_dow d_moy d_dom d_qoy d_fy_year
    d_fy_quarter_seq d_fy_week_seq d_day_name d_quarter_name d_holiday d_weekend d_following_holiday d_first_dom d_last_dom
    d_same_day_ly d_same_day_lq d_current_day d_current_week d_current_month d_current_quarter d_current_year`,
  household_demographics: 'hd_demo_sk hd_income_band_sk hd_buy_potential hd_dep_count hd_vehicle_count',
  income_band: 'ib_income_band_sk ib_lower_bound ib_upper_bound',
  inventory: 'inv_date_sk inv_item_sk inv_warehouse_sk inv_quantity_on_hand',
  item: `i_item_sk i_item_id i_rec_start_date i_rec_end_date i_item_desc i_current_price i_wholesale_cost i_brand_id i_brand
    i_class_id i_class i_category_id i_category i_manufact_id i_manufact i_size i_formulation i_color i_units i_container
    i_manager_id i_product_name`,
  promotion: `p_promo_sk p_promo_id p_start_date_sk p_end_date_sk p_item_sk p_cost p_response_target p_promo_name
    p_channel_dmail p_channel_email p_channel_catalog p_channel_tv p_channel_radio p_channel_press p_channel_event
    p_channel_demo p_channel_details p_purpose p_discount_active`,
  reason: 'r_reason_sk r_reason_id r_reason_desc',
  ship_mode: 'sm_ship_mode_sk sm_ship_mode_id sm_type sm_code sm_carrier sm_contract',
  store: `s_store_sk s_store_id s_rec_start_date s_rec_end_date s_closed_date_sk s_store_name s_number_employees
    s_floor_space s_hours s_manager s_market_id s_geography_class s_market_desc s_market_manager s_division_id
    s_division_name s_company_id s_company_name ${address('s')} s_tax_percentage`,
  store_returns: `${sales('sr', returned)} sr_customer_sk sr_cdemo_sk sr_hdemo_sk sr_addr_sk sr_store_sk sr_ticket_number
    sr_return_amt sr_return_ship_cost sr_store_credit sr_return_time_sk`,
  store_sales: `${sales('ss', sold)} ss_customer_sk ss_cdemo_sk ss_hdemo_sk ss_addr_sk ss_store_sk ss_ticket_number`,
  time_dim: `t_time_sk t_time_id t_time t_hour t_minute t_second t_am_pm t_shift t_sub_shift t_meal_time`,
  warehouse: `w_warehouse_sk w_warehouse_id w_warehouse_name w_warehouse_sq_ft ${address('w')}`,
  web_page: `wp_web_page_sk wp_web_page_id wp_rec_start_date wp_rec_end_date wp_creation_date_sk wp_access_date_sk
    wp_autogen_flag wp_customer_sk wp_url wp_type wp_char_count wp_link_count wp_image_count wp_max_ad_count`,
  web_returns: `${sales('wr', returned)} ${sales('wr', refunded)} wr_web_page_sk wr_return_amt wr_account_credit`,
  web_sales: `${sales('ws', sold)} ${sales('ws', shipped)} ws_web_page_sk ws_web_site_sk`,
  web_site: `web_site_sk web_site_id web_open_date_sk web_close_date_sk ${sales('web', company)} ${address('web')}`,
}

/** `_sk` and counts are integers, amounts numeric, dates dates, and the rest text. */
function typeOf(column: string): string {
  if (/(_sk|key|_size|linenumber|availqty|shippriority|_id_number|_seq|_number_employees|floor_space)$/.test(column)) {
    return 'integer'
  }
  if (
    /^(d_(year|dow|moy|dom|qoy|fy_year|first_dom|last_dom)|c_birth_(day|month|year)|t_(time|hour|minute|second))$/.test(
      column,
    )
  ) {
    return 'integer'
  }
  if (/(order_number|ticket_number|quantity|quantity_on_hand|_count|_bound|purchase_estimate|sq_ft)$/.test(column))
    return 'integer'
  if (/^i_(brand|class|category|manufact|manager)_id$|^s_(market|division|company)_id$/.test(column)) return 'integer'
  if (
    /(price|cost|amt|amount|tax|discount|acctbal|profit|loss|paid|cash|charge|credit|fee|percentage|gmt_offset)$/.test(
      column,
    )
  ) {
    return 'numeric'
  }
  if (/(paid_inc_\w+|amt_inc_tax)$/.test(column)) return 'numeric'
  return /(date|d_date)$/.test(column) ? 'date' : 'text'
}

function ddlOf(tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables)
    .map(([table, columns]) => {
      const typed = columns
        .trim()
        .split(/\s+/)
        .map((column) => `${column} ${typeOf(column)}`)
      return `CREATE TABLE ${table} (${typed.join(', ')});`
    })
    .join('\n')
}

export const tpcSchemas = {
  tpch: { ddl: ddlOf(tpch), tables: Object.keys(tpch) },
  tpcds: { ddl: ddlOf(tpcds), tables: Object.keys(tpcds) },
}
