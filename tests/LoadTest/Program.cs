using Hype.LoadTest.Options;
using Hype.LoadTest.Running;

return await new LoadCommand().Build(LoadSession.ExecuteAsync).Parse(args).InvokeAsync();
