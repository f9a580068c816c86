using Hype.Hosting.Starting;
using Hype.Hosting.Telemetry;
using Hype.MediaNode.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddLogLevels();
builder.AddHypeMediaNode();

var app = builder.Build();
app.UseHypeMetrics();
app.MapHypeMediaNode();
return await app.RunOrExplainAsync(Console.Error);
