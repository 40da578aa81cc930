-- Opens a file with the server attached and prints what Neovim makes of it: started by neovim.test.ts.
local command = vim.fn.json_decode(vim.env.LOCKWISE_COMMAND)
vim.cmd("edit " .. vim.env.LOCKWISE_FILE)
local root = vim.fn.getcwd()
local client = vim.lsp.start_client({
  name = "lockwise",
  cmd = command,
  root_dir = root,
  workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
})
vim.lsp.buf_attach_client(0, client)

local function show(heading)
  io.stdout:write(heading .. "\n")
  for _, one in ipairs(vim.diagnostic.get(0)) do
    io.stdout:write(string.format("%d:%d %d %s\n", one.lnum + 1, one.col + 1, one.severity, one.code or one.message))
  end
end

local function wait(passes)
  if not vim.wait(30000, passes, 50) then
    io.stdout:write("nothing came\n")
    vim.cmd("cquit!")
  end
end

wait(function()
  return #vim.diagnostic.get(0) > 0
end)
show("opened")

local params = vim.lsp.util.make_position_params()
params.position = { line = 0, character = 3 }
local answer = vim.lsp.buf_request_sync(0, "textDocument/hover", params, 30000)
io.stdout:write("hover\n" .. answer[client].result.contents.value:match("[^\n]*") .. "\n")

-- Apply the preferred fix, as the light bulb would.
local range = { start = { line = 0, character = 3 }, ["end"] = { line = 0, character = 3 } }
local document = vim.lsp.util.make_text_document_params()
local context = { diagnostics = {} }
answer = vim.lsp.buf_request_sync(0, "textDocument/codeAction", { textDocument = document, range = range, context = context }, 30000)
for _, action in ipairs(answer[client].result) do
  if action.isPreferred and action.title:match("CONCURRENTLY") then
    vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
  end
end
io.stdout:write("fixed\n" .. vim.api.nvim_buf_get_lines(0, 0, 1, false)[1] .. "\n")
wait(function()
  for _, one in ipairs(vim.diagnostic.get(0)) do
    if one.code == "index-without-concurrently" then
      return false
    end
  end
  return true
end)
show("checked again")

vim.lsp.stop_client(client)
wait(function()
  return vim.lsp.get_client_by_id(client) == nil
end)
io.stdout:write("stopped\n")
vim.cmd("qall!")
