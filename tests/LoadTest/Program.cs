using Hype.LoadTest.Options;
using Hype.LoadTest.Running;

return await new LoadCommand().Build(LoadRun.ExecuteAsync).Parse(args).InvokeAsync();
