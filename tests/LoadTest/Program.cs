using Hype.LoadTest.Options;
using Hype.LoadTest.Running;

return await new LoadCommand().InvokeAsync(args, LoadSession.ExecuteAsync, Console.Error);
