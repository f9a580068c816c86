using Hype.Cli.Commands;
using Hype.Cli.Display;

return await new HypeCommand(Terminal.OfProcess(), Environment.GetEnvironmentVariable).InvokeAsync(args);
