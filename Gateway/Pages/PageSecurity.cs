namespace Hype.Gateway.Pages;

/// <summary>
/// Adds the headers that protect pages to every response: no foreign script runs in a page, no foreign page frames it, and a browser that
/// has used HTTPS once never uses plain HTTP again.
/// </summary>
internal static class PageSecurity
{
    private const string Own = "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors 'none'";

    /// <summary>The panel may connect to other gateways of the deployment, which may have other host names.</summary>
    private const string Panel = $"{Own}; connect-src 'self' http: https: ws: wss:";

    /// <summary>Orleans' dashboard has scripts and styles within its page, and needs no other origin.</summary>
    private const string Dashboard =
        "default-src 'self' 'unsafe-inline' data:; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

    private static readonly PathString AdminPath = new("/admin");
    private static readonly PathString DashboardPath = new("/admin/orleans");

    /// <summary>Registers the lifetime of the HSTS header (RFC 6797); the framework leaves out localhost and plain HTTP.</summary>
    public static void AddPageSecurity(this IServiceCollection services) => services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));

    /// <summary>Adds the stage; it must run before the files, and after the proxy's scheme is known.</summary>
    public static void UsePageSecurity(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
            app.UseHsts();
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = PolicyOf(context.Request.Path);
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });
    }

    private static string PolicyOf(PathString path) =>
        path.StartsWithSegments(DashboardPath) ? Dashboard
        : path.StartsWithSegments(AdminPath) ? Own
        : Panel;
}
