using Hype.MediaNode.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

var builder = WebApplication.CreateBuilder(args);
builder.AddHypeMediaNode();

var options = builder.Configuration.GetSection(MediaNodeOptions.Section).Get<MediaNodeOptions>() ?? new MediaNodeOptions();
builder.WebHost.UseUrls(options.ControlUrl).ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));

var app = builder.Build();
app.MapHypeMediaNode();
app.Run();
